import fc from 'fast-check';
import { registerName } from '../../../hw/isa/index.ts';
import type { Environment } from './environment.ts';
import { type Item, weighted } from './item.ts';
import { Register } from './layout.ts';

/** Labels `b0` … of blocks, and `f0` … of functions. */
export const BLOCK_COUNT = 6;
export const FUNCTION_COUNT = 2;

const source = fc.constantFrom(...Register.sources).map(registerName);
const shortSource = fc.constantFrom(...Register.shortResults).map(registerName);
const aFunction = fc.nat({ max: FUNCTION_COUNT - 1 }).map((index) => `f${String(index)}`);
/** Addresses where nothing can be executed, or nothing that was meant to be. */
const nowhere = fc.constantFrom('0', '2', '0x100000', '0x80020800', '0x80022102', '-4', '1 << 40');

/** A comparison without its target. */
const comparison: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'), source, source)
  .map(([name, a, b]) => `${name} ${a}, ${b}`);
const shortComparison: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('c.beqz', 'c.bnez'), shortSource)
  .map(([name, a]) => `${name} ${a}`);

/** The label of any block after the one with this index; `end` is after them all. */
export function later(block: number): fc.Arbitrary<string> {
  return fc
    .integer({ min: block + 1, max: BLOCK_COUNT })
    .map((index) => (index === BLOCK_COUNT ? 'end' : `b${String(index)}`));
}

/** A branch over a few instructions. */
export function skip(body: fc.Arbitrary<Item>, compressed: boolean): fc.Arbitrary<Item> {
  const condition = compressed ? fc.oneof(comparison, shortComparison) : comparison;
  return fc
    .tuple(condition, fc.array(body, { maxLength: 4 }))
    .map(([test, items]) => ({ scope: [`${test}, skip@`, ...items, 'skip@:'] }));
}

/** A counted loop. */
function loop(body: fc.Arbitrary<Item>, counter: 's8' | 's9', most: number): fc.Arbitrary<Item> {
  const items = fc.array(body, { minLength: 1, maxLength: 5 });
  return fc.tuple(fc.integer({ min: 1, max: most }), items).map(([times, inner]) => ({
    scope: [
      `li ${counter}, ${String(times)}`,
      'loop@:',
      ...inner,
      `addi ${counter}, ${counter}, -1`,
      `bgtz ${counter}, loop@`,
    ],
  }));
}

/** Ways to a later block. */
function leave(block: number, { compressed, isCalm }: Environment): fc.Arbitrary<Item> {
  const direct = fc
    .tuple(comparison, later(block))
    .map(([test, to]): Item => ({ scope: [`${test}, stay@`, `j ${to}`, 'stay@:'] }));
  const jump = fc.constantFrom('jalr zero, 0(s10)', compressed ? 'c.jr s10' : 'jr s10');
  const indirect = fc.tuple(comparison, later(block), jump).map(([test, to, by]): Item => ({
    scope: [`${test}, stay@`, `la s10, ${to}`, by, 'stay@:'],
  }));
  const lost = fc
    .tuple(later(block), nowhere)
    .map(([to, address]): Item => [`la s11, ${to}`, `li s10, ${address}`, 'jalr s10, 0(s10)']);
  const toTheNext = fc
    .tuple(fc.constantFrom('jalr zero, 0(s10)', 'jalr ra, 0(s10)', 'j next@'), source)
    .map(([by, rs]): Item => ({
      scope: ['la s10, next@', 'lw a0, 0(sp)', by, `next@: add a1, a0, ${rs}`],
    }));
  const offTarget = fc
    .tuple(later(block), fc.constantFrom(1, 2, 3))
    .map(([to, past]): Item => [`la s11, ${to}`, 'la s10, end', `jalr ra, ${String(past)}(s10)`]);
  const [often, rarely] = isCalm ? [20, 1] : [4, 1];
  return weighted(
    [often, direct],
    [often, indirect],
    [often / 4, toTheNext],
    [rarely, lost],
    [rarely, offTarget],
  );
}

/** Calls of functions, which come back unless something lost `ra`. */
function call(compressed: boolean): fc.Arbitrary<Item> {
  const by = compressed ? 'c.jalr s10' : 'jalr s10';
  return fc.oneof(
    aFunction.map((to): Item => `jal ra, ${to}`),
    aFunction.map((to): Item => [`la s10, ${to}`, by]),
    aFunction.map((to): Item => `call ${to}`),
  );
}

/** Everything that may stand in a block: straight code and transfers. */
export function blockItem(
  block: number,
  straight: fc.Arbitrary<Item>,
  compute: fc.Arbitrary<Item>,
  env: Environment,
): fc.Arbitrary<Item> {
  const { compressed } = env;
  const inner = weighted(
    [6, straight],
    [1, skip(compute, compressed)],
    [1, loop(straight, 's9', 5)],
  );
  return weighted(
    [12, straight],
    [2, skip(compute, compressed)],
    [2, loop(inner, 's8', 12)],
    [2, leave(block, env)],
    [2, call(compressed)],
  );
}
