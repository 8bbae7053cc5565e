import test from 'ava';
import fc from 'fast-check';
import {
  constantSequence,
  splitOffset,
  type ConstantStep,
} from '../../../../sw/toolchain/assembly/constant-sequence.ts';

const seed = 1;

/** What the steps leave in the register. */
function valueOf(steps: readonly ConstantStep[]): bigint {
  const value = steps.reduce((register, { mnemonic, immediate }) => {
    const operand = BigInt(immediate);
    switch (mnemonic) {
      case 'lui':
        return operand;
      case 'addi':
        return BigInt.asIntN(64, register + operand);
      case 'addiw':
        return BigInt.asIntN(32, register + operand);
      case 'slli':
        return BigInt.asIntN(64, register << operand);
      case 'srli':
        return BigInt.asUintN(64, register) >> operand;
    }
  }, 0n);
  return BigInt.asIntN(64, value);
}

const words = fc.oneof(
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  fc.bigInt({ min: -(1n << 33n), max: 1n << 33n }),
  fc.integer({ min: 0, max: 63 }).map((bit) => BigInt.asIntN(64, 1n << BigInt(bit))),
  fc.integer({ min: 0, max: 63 }).map((bit) => BigInt.asIntN(64, (1n << BigInt(bit)) - 1n)),
  fc.constantFrom(2047n, 2048n, -2048n, -2049n, 0x7fff_ffffn, 0x7fff_f800n, -0x8000_0000n, 0n),
);

test('the steps build the constant', (t) => {
  fc.assert(
    fc.property(words, (word) => {
      t.is(valueOf(constantSequence(word)), word);
    }),
    { seed, numRuns: 2000 },
  );
});

test('immediates take one step, 32-bit constants two, and none more than eight', (t) => {
  t.is(constantSequence(-2048n).length, 1);
  t.is(constantSequence(0x1234_5000n).length, 1);
  t.is(constantSequence(0x7fff_ffffn).length, 2);
  t.is(constantSequence(0xffff_ffffn).length, 2);
  t.is(constantSequence(1n << 63n).length, 2);
  fc.assert(
    fc.property(words, (word) => {
      t.true(constantSequence(word).length <= 8);
    }),
    { seed },
  );
});

test('an offset is split so that its low part, with its sign, adds up', (t) => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(1n << 31n), max: (1n << 31n) - 2049n }), (offset) => {
      const { high, low } = splitOffset(offset);
      t.is(high + low, offset);
      t.is(high % 4096n, 0n);
      t.true(low >= -2048n && low < 2048n);
    }),
    { seed },
  );
});
