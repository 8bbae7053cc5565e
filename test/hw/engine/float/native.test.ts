import test from 'ava';
import { numberOf, Random, randomOperand, bitsOf } from './operands.ts';
import { parameters } from './reference-rounding.ts';
import { expected } from './reference.ts';
import { subjects } from './subjects.ts';

const RANDOM_OPERANDS = 5000;
const NEAREST_EVEN = 0;
const BOX = 0xffff_ffff_0000_0000n;

type Native = (first: number, second: number) => number;

/** What the host computes, rounding to the nearest double, ties to even. */
const native: Readonly<Record<string, Native>> = {
  add: (first, second) => first + second,
  multiply: (first, second) => first * second,
  divide: (first, second) => first / second,
  squareRoot: (first) => Math.sqrt(first),
};

for (const subject of subjects) {
  const { name, statics, arity, compute } = subject;
  const { operation, from, to } = statics;
  const isReformat =
    operation === 'convert' && (from === 's' || from === 'd') && (to === 's' || to === 'd');
  const compute64 = isReformat ? (first: number) => first : native[operation];
  if (compute64 === undefined) continue;
  test(`${name}: the subject and its reference round to nearest as the host does`, (t) => {
    const [source, target] = [parameters[from as 's' | 'd'], parameters[to as 's' | 'd']];
    const random = new Random(0xca11n);
    for (let run = 0; run < RANDOM_OPERANDS; run++) {
      const operands = [randomOperand(random, from, 0n)];
      if (arity === 2) operands.push(randomOperand(random, from, operands[0] ?? 0n));
      const [first = 0n, second = 0n] = operands;
      // A double holds the sum, product, quotient or root of singles well enough that rounding it again changes nothing.
      const value = compute64(numberOf(source, first), numberOf(source, second));
      const { bits } = compute(first, second, 0n, NEAREST_EVEN);
      const wanted = Number.isNaN(value)
        ? target.width === 32
          ? 0x7fc0_0000n
          : 0x7ff8_0000_0000_0000n
        : bitsOf(target, value);
      t.is(target.width === 32 ? bits & ~BOX : bits, wanted);
      t.is(expected(statics, operands, NEAREST_EVEN).bits, wanted);
    }
  });
}
