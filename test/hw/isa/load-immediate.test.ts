import test from 'ava';
import fc from 'fast-check';
import { decode, everyExtension, loadImmediate } from '../../../hw/isa/index.ts';

const selection = everyExtension();

/** What the words leave in the register, by the definitions of the four instructions they may use. */
function result(words: readonly number[]): bigint {
  let register = 0n;
  for (const word of words) {
    const decoded = decode(word, selection);
    if (decoded === undefined) throw new Error('not an instruction');
    const { instruction, imm, rs1 } = decoded;
    const source = rs1 === 0 ? 0n : register;
    if (instruction.name === 'lui') register = imm;
    else if (instruction.name === 'addi') register = BigInt.asIntN(64, source + imm);
    else if (instruction.name === 'addiw') register = BigInt.asIntN(32, source + imm);
    else if (instruction.name === 'slli') register = BigInt.asIntN(64, source << imm);
    else throw new Error(instruction.name);
  }
  return register;
}

test('li leaves exactly its constant, in at most eight instructions', (t) => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }), (constant) => {
      const words = loadImmediate(10, constant);
      t.is(result(words), BigInt.asIntN(64, constant));
      t.true(words.length <= 8);
    }),
    { numRuns: 1000 },
  );
});

test('li is right around every power of two', (t) => {
  for (let bit = 0n; bit < 64n; bit += 1n) {
    for (const offset of [-2049n, -2048n, -1n, 0n, 1n, 2047n, 2048n]) {
      for (const sign of [1n, -1n]) {
        const constant = BigInt.asIntN(64, sign * (1n << bit) + offset);
        t.is(result(loadImmediate(5, constant)), constant, constant.toString(16));
      }
    }
  }
});

test('li is as short as the constant allows', (t) => {
  t.is(loadImmediate(1, 0n).length, 1);
  t.is(loadImmediate(1, -2048n).length, 1);
  t.is(loadImmediate(1, 0x12345000n).length, 1);
  t.is(loadImmediate(1, 0x7fff_ffffn).length, 2);
  t.is(loadImmediate(1, 0x8000_0000n).length, 2);
  t.is(loadImmediate(1, 0xffff_ffffn).length, 3);
  t.is(loadImmediate(1, 1n << 63n).length, 2);
});
