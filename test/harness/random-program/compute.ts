import fc from 'fast-check';
import { registerName } from '../../../hw/isa/index.ts';
import { type Item, weighted } from './item.ts';
import { pointers, Register } from './layout.ts';
import { computing, computingShort, instructionOf, type RowFilter } from './rows.ts';

const corners = [0n, 1n, -1n, 0x7fff_ffffn, -0x8000_0000n, (1n << 63n) - 1n, -(1n << 63n)];

/** A result register. */
export const resultName: fc.Arbitrary<string> = fc
  .constantFrom(...Register.results)
  .map(registerName);

const constant: fc.Arbitrary<Item> = fc
  .tuple(
    resultName,
    fc.oneof(fc.constantFrom(...corners), fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n })),
  )
  .map(([rd, value]) => `li ${rd}, ${String(value)}`);

/** A pointer register as it was, or a little further. */
const pointer: fc.Arbitrary<Item> = fc.oneof(
  fc.constantFrom(...Object.entries(pointers)).map(([name, at]) => `li ${name}, ${String(at)}`),
  fc
    .tuple(fc.constantFrom(...Object.keys(pointers)), fc.integer({ min: -16, max: 16 }))
    .map(([name, step]) => `addi ${name}, ${name}, ${String(step)}`),
);

/** Instructions that only compute. */
export function compute(filter: RowFilter): fc.Arbitrary<Item> {
  const integer = { ...filter, float: false };
  return weighted(
    [8, instructionOf(computing(integer))],
    [filter.float ? 5 : 0, instructionOf(computing(filter))],
    [filter.compressed ? 8 : 0, instructionOf(computingShort(integer))],
    [1, constant],
    [1, pointer],
  );
}
