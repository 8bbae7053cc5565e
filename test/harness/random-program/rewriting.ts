import fc from 'fast-check';
import type { Item } from './item.ts';
import { computing, computingShort, instructionOf, type RowFilter, rowsOfClass } from './rows.ts';
import { Register } from './layout.ts';
import { weighted } from './item.ts';

/** Labels `q0` … of places in the code that programs rewrite. */
export const PATCH_COUNT = 6;

/** What stands at such a place at first: eight bytes. */
export function patchable(index: number): Item {
  return [`q${String(index)}: nop`, 'nop'];
}

function bitsOf(text: Item): string {
  const written = typeof text === 'string' ? text : '';
  const [, bits = '0x13'] = /^\.(?:word|half) (0x[\da-f]+)/.exec(written) ?? [];
  return bits;
}

/** Stores new code over old, with or without FENCE.I; the model has no caches, so that both are seen at once. */
export function rewriting(filter: RowFilter): fc.Arbitrary<Item> {
  const accesses = rowsOfClass(filter, 'load', 'store');
  const pointer = fc.constantFrom(...Register.pointers);
  const word = weighted(
    [6, instructionOf(computing(filter))],
    [2, instructionOf(accesses, { rs1: pointer })],
    [1, fc.constantFrom('.word 0x0040006f', '.word 0x00000073', '.word 0xffffffff')],
  );
  const short = instructionOf(computingShort(filter));
  const place = fc.nat({ max: PATCH_COUNT - 1 }).map((index) => `q${String(index)}`);
  const fence = fc.constantFrom('', '', 'fence.i');
  const whole = fc
    .tuple(place, word, fc.constantFrom(0, 0, 4), fence)
    .map(([at, code, offset, after]): Item => [
      `la s10, ${at}`,
      `li t3, ${bitsOf(code)}`,
      `sw t3, ${String(offset)}(s10)`,
      after,
    ]);
  const half = fc
    .tuple(place, short, fc.constantFrom(0, 2, 4, 6), fence)
    .map(([at, code, offset, after]): Item => [
      `la s10, ${at}`,
      `li t3, ${bitsOf(code)}`,
      `sh t3, ${String(offset)}(s10)`,
      after,
    ]);
  const atomically = fc
    .tuple(place, word)
    .map(([at, code]): Item => [
      `la s10, ${at}`,
      `li t3, ${bitsOf(code)}`,
      'amoswap.w t4, t3, (s10)',
    ]);
  return weighted([4, whole], [filter.compressed ? 3 : 0, half], [1, atomically]);
}
