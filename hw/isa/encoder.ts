import {
  isCompressed,
  isExcepted,
  type CompressedInstruction,
} from './instructions/compressed-instruction.ts';
import { compressedByName, type CompressedName } from './instructions/compressed.ts';
import {
  fieldRange,
  insertField,
  type Field,
  type OperandName,
  type OperandOf,
} from './instructions/encoding.ts';
import {
  instructionByName,
  type InstructionName,
  type InstructionNamed,
} from './instructions/index.ts';
import type { Instruction } from './instructions/instruction.ts';
import { operandsIn } from './instructions/syntax.ts';

/** Values for the operands of an instruction; those that assembly does not write (`aq`, `rl`, `fm` …) default to 0. */
export type OperandValues<N extends InstructionName> =
  InstructionNamed<N> extends Instruction<N, infer P>
    ? Readonly<Partial<Record<OperandOf<P>, number | bigint>>>
    : never;

type Encodable = Instruction | CompressedInstruction;

/** An operand that an encoding cannot hold. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

function refuse(row: Encodable, field: Field, value: number | bigint, bound: string): never {
  throw new EncodingError(`${row.name}: ${field.name} = ${String(value)} ${bound}`);
}

function checked(row: Encodable, field: Field, value: number | bigint): number {
  const { lowest, highest } = fieldRange(field);
  if (value < lowest || value > highest) {
    refuse(row, field, value, `is outside ${String(lowest)} … ${String(highest)}`);
  }
  const number = Number(value);
  if (field.reserved.includes(number)) refuse(row, field, value, 'is reserved');
  if (number % 2 ** field.alignment !== 0) {
    refuse(row, field, value, `is not a multiple of ${String(2 ** field.alignment)}`);
  }
  return number;
}

/** The instruction word, or the 16-bit parcel, of a row with operands given by name. */
export function encodeRow(
  row: Encodable,
  operands: Readonly<Partial<Record<string, number | bigint>>>,
): number {
  const written = new Set<string>(row.syntax.flatMap(operandsIn));
  let word = row.encoding.match;
  for (const field of row.encoding.fields) {
    const value = operands[field.name];
    if (value !== undefined) word |= insertField(field, checked(row, field, value));
    else if (written.has(field.name)) {
      throw new EncodingError(`${row.name}: ${field.name} is missing`);
    }
  }
  if (isCompressed(row) && isExcepted(row, word)) {
    throw new EncodingError(`${row.name}: these operands are reserved`);
  }
  return word >>> 0;
}

/** The instruction word of a named instruction: `encode('addi', { rd: 10, rs1: 0, imm: 1 })`. */
export function encode<N extends InstructionName>(name: N, operands: OperandValues<N>): number {
  const row = instructionByName(name);
  if (row === undefined) throw new EncodingError(`there is no instruction '${name}'`);
  return encodeRow(row, operands);
}

/** The parcel of a named 16-bit instruction: `encodeCompressed('c.li', { rd: 10, imm: 1 })`. */
export function encodeCompressed(
  name: CompressedName,
  operands: Readonly<Partial<Record<OperandName, number | bigint>>>,
): number {
  const row = compressedByName(name);
  if (row === undefined) throw new EncodingError(`there is no instruction '${name}'`);
  return encodeRow(row, operands);
}
