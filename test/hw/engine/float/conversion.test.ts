import test from 'ava';
import { floatFunction } from '../../../../hw/engine/index.ts';
import { conversionOperands, Random, randomOperand } from './operands.ts';
import { modes, NV, NX } from './reference-rounding.ts';
import { difference, subjects } from './subjects.ts';

const RANDOM_OPERANDS = 1000;

for (const subject of subjects.filter(({ statics }) => statics.operation === 'convert')) {
  const { name, statics } = subject;
  test(`${name}: special and random operands give the result and the flags of the manual`, (t) => {
    const random = new Random(0x5eedn);
    const operands = [
      ...conversionOperands(statics.from),
      ...Array.from({ length: RANDOM_OPERANDS }, () => randomOperand(random, statics.from, 0n)),
    ];
    for (const operand of operands) {
      for (const mode of modes) {
        const found = difference(subject, [operand], mode);
        if (found !== undefined) t.fail(found);
      }
    }
    t.pass();
  });
}

const ONES = (1n << 64n) - 1n;

test('conversions to integers saturate as the manual’s table of domains says', (t) => {
  const NEGATIVE_INFINITY = 0xff80_0000n;
  const INFINITY = 0x7f80_0000n;
  const NAN = 0xffc0_0001n;
  const to = (format: 'w' | 'wu' | 'l' | 'lu', value: bigint): readonly [bigint, number] => {
    const action = { operation: 'convert', from: 's', to: format } as const;
    const { bits, flags } = floatFunction(action)(value, 0n, 0n, 0);
    return [bits, flags];
  };
  t.deepEqual(to('w', NEGATIVE_INFINITY), [0xffff_ffff_8000_0000n, NV]);
  t.deepEqual(to('wu', NEGATIVE_INFINITY), [0n, NV]);
  t.deepEqual(to('l', NEGATIVE_INFINITY), [1n << 63n, NV]);
  t.deepEqual(to('lu', NEGATIVE_INFINITY), [0n, NV]);
  for (const value of [INFINITY, NAN]) {
    t.deepEqual(to('w', value), [0x7fff_ffffn, NV]);
    t.deepEqual(to('wu', value), [ONES, NV]);
    t.deepEqual(to('l', value), [ONES >> 1n, NV]);
    t.deepEqual(to('lu', value), [ONES, NV]);
  }
});

test('a negative number that rounds to zero is inexact, not invalid, as an unsigned integer', (t) => {
  const MINUS_HALF = 0xbf00_0000n;
  const convert = floatFunction({ operation: 'convert', from: 's', to: 'wu' });
  t.deepEqual(convert(MINUS_HALF, 0n, 0n, 0), { bits: 0n, flags: NX });
  t.deepEqual(convert(MINUS_HALF, 0n, 0n, 2), { bits: 0n, flags: NV });
});
