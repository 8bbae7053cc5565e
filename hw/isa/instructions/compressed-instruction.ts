import type { SpecReference } from '../spec-reference.ts';
import {
  extractField,
  parsePicture,
  type Encoding,
  type OperandName,
  type OperandOf,
  type Picture,
} from './encoding.ts';
import { instructionByName, type InstructionName, type InstructionNamed } from './index.ts';
import type { Instruction } from './instruction.ts';
import { fieldNamed, parseSyntax, type SyntaxOperand } from './syntax.ts';

const PARCEL_BITS = 16;

type BaseOperand<B extends InstructionName> =
  InstructionNamed<B> extends Instruction<string, infer P> ? OperandOf<P> : never;

/** One 16-bit instruction as it is declared. */
interface CompressedRow<N extends string, P extends string, B extends InstructionName> {
  readonly name: N;
  /** 16 bits from the left: fixed bits and operands; a register of three bits is one of x8 to x15. */
  readonly encoding: P & Picture<P>;
  /** Operands in assembly order; see `syntax.ts`. */
  readonly syntax: string;
  /** The 32-bit instruction that it means. */
  readonly expandsTo: B;
  /** Where each operand of that instruction comes from: an operand of this one, or a fixed value. */
  readonly operands: Readonly<Record<BaseOperand<B>, OperandOf<P> | number>>;
  /** Operand values with which the encoding is reserved, or another instruction. */
  readonly except?: Readonly<Partial<Record<OperandOf<P>, readonly number[]>>>;
  readonly spec: SpecReference;
}

/** One 16-bit instruction, ready for assembler and decoder. Semantics, guard and timing are those of `base`. */
export interface CompressedInstruction<N extends string = string> {
  readonly name: N;
  readonly encoding: Encoding;
  readonly syntax: readonly SyntaxOperand[];
  readonly base: Instruction;
  readonly operands: Readonly<Partial<Record<OperandName, OperandName | number>>>;
  readonly except: Readonly<Partial<Record<OperandName, readonly number[]>>>;
  readonly spec: SpecReference;
}

/** Declares a 16-bit instruction; an expansion that leaves an operand of the base instruction open does not compile. */
export function defineCompressed<
  const N extends string,
  const P extends string,
  const B extends InstructionName,
>(row: CompressedRow<N, P, B>): CompressedInstruction<N> {
  const base = instructionByName(row.expandsTo);
  if (base === undefined) throw new Error(`${row.name} expands to nothing`);
  const encoding = parsePicture(row.encoding, PARCEL_BITS);
  return {
    name: row.name,
    encoding,
    syntax: parseSyntax(row.syntax, encoding),
    base,
    operands: row.operands,
    except: row.except ?? {},
    spec: row.spec,
  };
}

/** Whether an instruction is a 16-bit one. */
export function isCompressed(
  row: Instruction | CompressedInstruction,
): row is CompressedInstruction {
  return 'base' in row;
}

/** Whether a parcel that fits the picture has an operand value with which it is not this instruction. */
export function isExcepted({ encoding, except }: CompressedInstruction, parcel: number): boolean {
  return encoding.fields.some(
    (field) => except[field.name]?.includes(extractField(field, parcel)) === true,
  );
}

/** The operands of the base instruction that a parcel stands for. */
export function expandedOperands(
  { name, encoding, operands }: CompressedInstruction,
  parcel: number,
): Readonly<Record<string, number>> {
  const value = (source: OperandName | number): number => {
    if (typeof source === 'number') return source;
    const field = fieldNamed(encoding, source);
    if (field === undefined) throw new Error(`${name} has no ${source}`);
    return extractField(field, parcel);
  };
  return Object.fromEntries(
    Object.entries(operands).map(([operand, source]) => [operand, value(source)]),
  );
}
