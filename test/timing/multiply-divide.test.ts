import test from 'ava';
import { divideCycles, multiplyCycles } from '../../hw/timing/index.ts';
import { rocketTiming } from '../hw/hart/machine.ts';
import { takes } from './run-to-break.ts';

const timing = rocketTiming();

// Counts follow docs/timing.md, "Multiply".
test('mul of a one-byte operand', takes, 'li a0, 7\nmul a2, a0, a1', 5);
test('mul of a negative operand', takes, 'li a0, -7\nmul a2, a0, a1', 11);
test(
  'mul by anything is as fast as its first operand',
  takes,
  'li a0, 7\nli a1, -1\nmul a2, a0, a1',
  6,
);
test('mulw looks at 32 bits', takes, 'li a0, -7\nmulw a2, a0, a1', 7);
test('mulhu', takes, 'li a0, 7\nmulhu a2, a0, a1', 11);

test('mul takes 4, 5, 7 and 10 cycles for 1, 2, 4 and 7 bytes, as counted on Rocket', (t) => {
  const cycles = [0x7fn, 0x7fffn, 0x7fff_ffffn, 0x7f_ffff_ffff_ffffn, (1n << 64n) - 1n].map(
    (first) => multiplyCycles(timing, 'low', first),
  );
  t.deepEqual(cycles, [4, 5, 7, 10, 10]);
});

// Counts follow docs/timing.md, "Divide".
const signed = { signed: true, word: false, remainder: false } as const;

test('divide takes the cycles counted on Rocket', (t) => {
  t.is(divideCycles(timing, signed, 100n, 7n), 9);
  t.is(divideCycles(timing, signed, 1000n, 7n), 12);
  t.is(divideCycles(timing, signed, 65535n, 3n), 19);
  t.is(divideCycles(timing, signed, (1n << 63n) - 1n, 3n), 66);
  t.is(divideCycles(timing, signed, 3n, 1000n), 61);
});

test('divide by zero and overflow have times of their own', (t) => {
  t.is(divideCycles(timing, signed, 5n, 0n), 67);
  t.is(divideCycles(timing, signed, 1n << 63n, (1n << 64n) - 1n), 68);
});

test('a negative operand costs one, a negated result one more', (t) => {
  const minus = (value: bigint): bigint => BigInt.asUintN(64, -value);
  t.is(divideCycles(timing, signed, minus(100n), 7n), 11);
  t.is(divideCycles(timing, signed, minus(100n), minus(7n)), 10);
  t.is(divideCycles(timing, { ...signed, remainder: true }, minus(100n), minus(7n)), 11);
  t.is(divideCycles(timing, { ...signed, signed: false }, minus(100n), 7n), 66);
});

test('div', takes, 'li a0, 100\nli a1, 7\ndiv a2, a0, a1', 11);
test('remuw of its low words', takes, 'li a0, 100\nli a1, 7\nremuw a2, a0, a1', 11);
