import { RoundingMode } from '../rounding-mode.ts';
import type { Encoding, Field, OperandName } from './encoding.ts';

/** How one operand is written in assembly. */
export type SyntaxOperand =
  | { readonly form: 'register'; readonly name: 'rd' | 'rs1' | 'rs2' }
  | { readonly form: 'floatRegister'; readonly name: 'frd' | 'frs1' | 'frs2' | 'frs3' }
  /** The name of a rounding mode; left out when it is `usual`. */
  | { readonly form: 'roundingMode'; readonly name: 'rm'; readonly usual: RoundingMode }
  /** A number; the operand's value is that number times 2 to the `shift`. */
  | { readonly form: 'number'; readonly name: 'imm' | 'shamt' | 'uimm'; readonly shift: number }
  /** A label or address; the operand's value is its distance from the instruction. */
  | { readonly form: 'target'; readonly name: 'imm' }
  /** `imm(rs1)`, or `(rs1)` where the instruction has no offset; the base may be fixed to `sp`. */
  | {
      readonly form: 'address';
      readonly base: 'rs1' | 'sp';
      readonly offset: 'imm' | 'uimm' | undefined;
    }
  /** `sp`, written although the encoding leaves no choice. */
  | { readonly form: 'stackPointer' }
  | { readonly form: 'csr'; readonly name: 'csr' }
  /** Any of the letters `iorw` (unpriv 2.7). */
  | { readonly form: 'fenceSet'; readonly name: 'pred' | 'succ' };

/** The operands of the instruction word that one written operand fills. */
export function operandsIn(operand: SyntaxOperand): readonly OperandName[] {
  if (operand.form === 'stackPointer') return [];
  if (operand.form !== 'address') return [operand.name];
  const { base, offset } = operand;
  return [...(offset === undefined ? [] : [offset]), ...(base === 'sp' ? [] : [base])];
}

const forms: Readonly<Record<string, SyntaxOperand>> = {
  rd: { form: 'register', name: 'rd' },
  rs1: { form: 'register', name: 'rs1' },
  rs2: { form: 'register', name: 'rs2' },
  frd: { form: 'floatRegister', name: 'frd' },
  frs1: { form: 'floatRegister', name: 'frs1' },
  frs2: { form: 'floatRegister', name: 'frs2' },
  frs3: { form: 'floatRegister', name: 'frs3' },
  rm: { form: 'roundingMode', name: 'rm', usual: RoundingMode.dyn },
  // Nothing to round: assembly writes no mode, and the manual wants this one.
  'rm=rne': { form: 'roundingMode', name: 'rm', usual: RoundingMode.rne },
  imm: { form: 'number', name: 'imm', shift: 0 },
  'imm>>12': { form: 'number', name: 'imm', shift: 12 },
  shamt: { form: 'number', name: 'shamt', shift: 0 },
  uimm: { form: 'number', name: 'uimm', shift: 0 },
  target: { form: 'target', name: 'imm' },
  '(rs1)': { form: 'address', base: 'rs1', offset: undefined },
  'imm(rs1)': { form: 'address', base: 'rs1', offset: 'imm' },
  'uimm(rs1)': { form: 'address', base: 'rs1', offset: 'uimm' },
  'uimm(sp)': { form: 'address', base: 'sp', offset: 'uimm' },
  sp: { form: 'stackPointer' },
  csr: { form: 'csr', name: 'csr' },
  pred: { form: 'fenceSet', name: 'pred' },
  succ: { form: 'fenceSet', name: 'succ' },
};

/** Reads a syntax such as `'rd, imm(rs1)'` and checks that the encoding has every operand it writes. */
export function parseSyntax(syntax: string, encoding: Encoding): readonly SyntaxOperand[] {
  if (syntax === '') return [];
  return syntax.split(', ').map((word) => {
    const operand = forms[word];
    if (!operand) throw new Error(`syntax '${syntax}' has the unknown form '${word}'`);
    const absent = operandsIn(operand).find((name) => fieldNamed(encoding, name) === undefined);
    if (absent) throw new Error(`syntax '${syntax}': '${encoding.picture}' has no ${absent}`);
    return operand;
  });
}

/** The field of an encoding that has a name, if there is one. */
export function fieldNamed(encoding: Encoding, name: OperandName): Field | undefined {
  return encoding.fields.find((field) => field.name === name);
}
