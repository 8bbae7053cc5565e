import type { DvProfile } from '../profile.ts';
import type {
  Destination,
  Effect,
  FloatDestination,
  I64,
  Immediate,
  SourceFloatRegister,
  SourceRegister,
} from '../semantics/index.ts';
import type { SpecReference } from '../spec-reference.ts';
import { parsePicture, type Encoding, type OperandOf, type Picture } from './encoding.ts';
import type { Guard } from './guard.ts';
import type { Extension } from './selection.ts';
import { parseSyntax, type SyntaxOperand } from './syntax.ts';
import type { TimingClass } from './timing-class.ts';

/** The operands that semantics can use as values. */
type Value<N> = N extends 'rd'
  ? Destination
  : N extends 'rs1' | 'rs2'
    ? SourceRegister
    : N extends 'imm' | 'shamt' | 'uimm'
      ? Immediate
      : N extends 'frd'
        ? FloatDestination
        : N extends FloatSourceName
          ? SourceFloatRegister
          : never;

type FloatSourceName = 'frs1' | 'frs2' | 'frs3';
type ValueName = 'rd' | 'rs1' | 'rs2' | 'imm' | 'shamt' | 'uimm' | 'frd' | FloatSourceName;

/** What the semantics of an instruction are written in: the operands that its picture has, and the program counter. */
type SemanticsContext<P extends string> = {
  readonly [N in Extract<OperandOf<P>, ValueName>]: Value<N>;
} & { readonly pc: I64; readonly nextPc: I64 };

/** Who may execute an instruction: one guard, or one per DV-Ext profile. */
type InstructionGuard =
  { readonly guard?: Guard } | { readonly guardByProfile: Readonly<Record<DvProfile, Guard>> };

/** One instruction as it is declared. */
export type InstructionRow<
  N extends string,
  P extends string,
  S extends string,
> = InstructionGuard & {
  readonly name: N;
  readonly extension: Extension;
  /** 32 bits from the left: fixed bits and operands. */
  readonly encoding: P & Picture<P>;
  /** Operands in assembly order; see `syntax.ts`. */
  readonly syntax: S;
  readonly timing: TimingClass;
  readonly semantics: (context: SemanticsContext<P>) => readonly Effect[];
  readonly spec: SpecReference;
};

/** One instruction, ready for assembler, decoder and engines. */
export interface Instruction<
  N extends string = string,
  P extends string = string,
  S extends string = string,
> {
  readonly name: N;
  readonly extension: Extension;
  readonly encoding: Encoding & { readonly picture: P };
  /** The operands in assembly order as the row writes them, and taken apart. */
  readonly assembly: S;
  readonly syntax: readonly SyntaxOperand[];
  readonly timing: TimingClass;
  readonly guards: Readonly<Record<DvProfile, Guard>>;
  readonly effects: readonly Effect[];
  readonly spec: SpecReference;
}

const context: SemanticsContext<'imm[31:20] rs2 rs1 shamt uimm rd frs3 frs2 frs1 frd'> = {
  rd: { kind: 'destination', operand: 'rd' },
  rs1: { type: 'i64', kind: 'register', operand: 'rs1' },
  rs2: { type: 'i64', kind: 'register', operand: 'rs2' },
  frd: { kind: 'floatDestination', operand: 'frd' },
  frs1: { type: 'i64', kind: 'floatRegister', operand: 'frs1' },
  frs2: { type: 'i64', kind: 'floatRegister', operand: 'frs2' },
  frs3: { type: 'i64', kind: 'floatRegister', operand: 'frs3' },
  imm: { type: 'i64', kind: 'immediate' },
  shamt: { type: 'i64', kind: 'immediate' },
  uimm: { type: 'i64', kind: 'immediate' },
  pc: { type: 'i64', kind: 'pc' },
  nextPc: { type: 'i64', kind: 'nextPc' },
};

function guardsOf(row: InstructionGuard): Readonly<Record<DvProfile, Guard>> {
  if ('guardByProfile' in row) return row.guardByProfile;
  const guard = row.guard ?? {};
  return { paper: guard, rtl: guard, qemu: guard, none: guard };
}

/** Declares an instruction; semantics that ask for an operand which the picture lacks do not compile. */
export function defineInstruction<
  const N extends string,
  const P extends string,
  const S extends string,
>(row: InstructionRow<N, P, S>): Instruction<N, P, S> {
  const encoding = { ...parsePicture(row.encoding), picture: row.encoding };
  return {
    name: row.name,
    extension: row.extension,
    encoding,
    assembly: row.syntax,
    syntax: parseSyntax(row.syntax, encoding),
    timing: row.timing,
    guards: guardsOf(row),
    effects: row.semantics(context),
    spec: row.spec,
  };
}
