import fc from 'fast-check';
import {
  type CompressedInstruction,
  compressedInstructions,
  disassemble,
  encodeRow,
  EncodingError,
  fieldRange,
  type Instruction,
  instructions,
  isCompressed,
  type TimingClass,
} from '../../../hw/isa/index.ts';
import type { Item } from './item.ts';
import { Register } from './layout.ts';

/** A row of either table. */
export type AnyRow = Instruction | CompressedInstruction;

/** The classes of instructions that do something else than compute. */
const otherClasses: ReadonlySet<TimingClass> = new Set([
  'branch',
  'jump',
  'jumpRegister',
  'load',
  'store',
  'loadReserved',
  'storeConditional',
  'atomic',
  'csr',
  'fence',
  'cacheBlock',
  'cacheBlockZero',
  'instructionFence',
  'translationFence',
  'environment',
  'trapReturn',
  'wait',
] as const);

/** The 32-bit row that a row is or stands for. */
function baseOf(row: AnyRow): Instruction {
  return isCompressed(row) ? row.base : row;
}

/** Which rows an environment's harts have. */
export interface RowFilter {
  readonly compressed: boolean;
  readonly float: boolean;
}

/** What only harts with the prototype's interruptor execute, which no environment has. */
const absent: readonly string[] = ['dv-timer', 'dv-vipi'];

function has({ float }: RowFilter, row: AnyRow): boolean {
  const { extension } = baseOf(row);
  if (absent.includes(extension)) return false;
  return float || (extension !== 'f' && extension !== 'd');
}

/** Rows of the 32-bit table that belong to a class. */
export function rowsOfClass(filter: RowFilter, ...classes: readonly TimingClass[]): Instruction[] {
  return instructions.filter((row) => has(filter, row) && classes.includes(row.timing));
}

/** Rows of the 16-bit table whose expansion belongs to a class; without the C extension they are good for nothing. */
export function compressedOfClass(
  filter: RowFilter,
  ...classes: readonly TimingClass[]
): CompressedInstruction[] {
  return compressedInstructions.filter(
    (row) => has(filter, row) && classes.includes(row.base.timing),
  );
}

/** Rows that compute from registers and immediates. */
export function computing(filter: RowFilter): Instruction[] {
  return instructions.filter((row) => has(filter, row) && !otherClasses.has(row.timing));
}

/** Their short forms. */
export function computingShort(filter: RowFilter): CompressedInstruction[] {
  return compressedInstructions.filter(
    (row) => has(filter, row) && !otherClasses.has(row.base.timing),
  );
}

/** Rounding modes: those of the manual, `dyn`, and now and then a reserved one. */
const roundingMode = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(0, 1, 2, 3, 4, 7, 7) },
  { weight: 1, arbitrary: fc.constantFrom(5, 6) },
);

/** Arbitraries for the operands that are not to be just anything. */
export type Operands = Readonly<Partial<Record<string, fc.Arbitrary<number>>>>;

function valueOf(field: AnyRow['encoding']['fields'][number]): fc.Arbitrary<number> {
  const { lowest, highest } = fieldRange(field);
  const unit = 2 ** field.alignment;
  const isShort = field.offset > 0;
  if (field.name === 'rd') {
    return fc.constantFrom(...(isShort ? Register.shortResults : Register.results));
  }
  if ((field.name === 'rs1' || field.name === 'rs2') && !isShort) {
    return fc.constantFrom(...Register.sources);
  }
  if (field.name === 'rm') return roundingMode;
  return fc.integer({ min: lowest / unit, max: highest / unit }).map((value) => value * unit);
}

function textOf(row: AnyRow, operands: Readonly<Record<string, number>>): string {
  try {
    const word = encodeRow(row, operands);
    const directive = isCompressed(row) ? '.half' : '.word';
    return `${directive} 0x${word.toString(16)} # ${disassemble(word)}`;
  } catch (error) {
    // Operands with which a short encoding is reserved.
    if (error instanceof EncodingError) return 'nop';
    throw error;
  }
}

/** One instruction of the given rows, with operands as given or any. */
export function instructionOf(
  rows: readonly AnyRow[],
  operands: Operands = {},
): fc.Arbitrary<Item> {
  return fc.constantFrom(...rows).chain((row) => {
    const values = row.encoding.fields.map((field) =>
      (operands[field.name] ?? valueOf(field)).map((value) => [field.name, value] as const),
    );
    return fc.tuple(...values).map((entries) => textOf(row, Object.fromEntries(entries)));
  });
}
