import fc from 'fast-check';
import { encodeRow, fieldRange, instructions, type Instruction } from '../../../hw/isa/index.ts';

/** An instruction, values for all its operands, and the word that they make. */
export interface AnyInstruction {
  readonly row: Instruction;
  readonly operands: Readonly<Record<string, number>>;
  readonly word: number;
}

function operandsOf(row: Instruction): fc.Arbitrary<Record<string, number>> {
  const values = row.encoding.fields.map((field) => {
    const { lowest, highest } = fieldRange(field);
    const unit = 2 ** field.alignment;
    return fc
      .integer({ min: lowest / unit, max: highest / unit })
      .filter((value) => !field.reserved.includes(value))
      .map((value) => [field.name, value * unit] as const);
  });
  return fc.tuple(...values).map((entries) => Object.fromEntries(entries));
}

/** Any encodable instruction with any operands. */
export const anyInstruction: fc.Arbitrary<AnyInstruction> = fc
  .constantFrom(...instructions)
  .chain((row) =>
    operandsOf(row).map((operands) => ({ row, operands, word: encodeRow(row, operands) })),
  );
