import test from 'ava';
import fc from 'fast-check';
import { compareCall, compileForBoth, scratchBytes, type Compilation } from './compilation.ts';
import { RandomSource } from './random-source.ts';

const corpus = ['arithmetic', 'control', 'calls', 'memory'];
const seed = 20240721;

const boundary = fc.constantFrom(
  ...[0n, 1n, -1n, 2n, 7n, 100n, 2047n, 2048n, -2048n, -2049n, 0xffn, 0xffffn],
  ...[0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 1n << 32n, (1n << 63n) - 1n, -(1n << 63n)],
);
const operand = fc.oneof(boundary, fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }));
const operands = fc.array(operand, { minLength: 8, maxLength: 8 });
const scratch = fc
  .integer()
  .map((start) =>
    Uint8Array.from({ length: scratchBytes }, (_, k) => ((start + k) * 2654435761) >>> 24),
  );

function checkAll(compilation: Compilation, runCount: number): void {
  for (const f of compilation.functions) {
    const property = fc.property(operands, scratch, (values, bytes) => {
      compareCall(compilation, f, values, bytes);
    });
    fc.assert(property, { seed, numRuns: runCount });
  }
}

for (const file of corpus) {
  test(`${file}: machine code and WebAssembly agree`, (t) => {
    const compilation = compileForBoth([`test/sw/toolchain/corpus/${file}.ts`]);
    t.true(compilation.functions.length > 5);
    t.notThrows(() => checkAll(compilation, 8));
  });
}

for (const randomSeed of [7919, 104729]) {
  test(`random functions of seed ${randomSeed}: machine code and WebAssembly agree`, (t) => {
    const path = `random-${randomSeed}.ts`;
    const text = new RandomSource(randomSeed).file(12);
    const compilation = compileForBoth([path], new Map([[path, text]]));
    t.is(compilation.functions.length, 12);
    t.notThrows(() => checkAll(compilation, 5));
  });
}
