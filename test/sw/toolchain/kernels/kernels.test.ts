import test from 'ava';
import { hasReferenceCompiler, kernels, runOwn, runReference, type Kernel } from './measurement.ts';

/** How many times the instructions of `gcc -O2` the compiler may need for a kernel (docs/software.md, Compiler). */
const largestFactor = 1.3;

const checksums: Readonly<Record<Kernel, bigint>> = {
  blockCopy: 3453759154118272688n,
  stage2: -2831820592626290752n,
  exits: -7609686015180472064n,
  listSort: 2500n,
  matrix: 25912n,
  scanner: 2559375869725851296n,
};

const own = runOwn();

test('every kernel returns its checksum', (t) => {
  for (const { name, checksum } of own) t.is(checksum, checksums[name], name);
});

const compared = hasReferenceCompiler() ? test : test.skip;

compared('machine code needs at most 1.30 times the instructions of gcc -O2', (t) => {
  const reference = runReference();
  for (const [k, name] of kernels.entries()) {
    const ours = own[k];
    const theirs = reference[k];
    t.is(ours?.checksum, theirs?.checksum, name);
    const factor = (ours?.instructionCount ?? 0) / (theirs?.instructionCount ?? 0);
    t.true(factor <= largestFactor, `${name} needs ${factor.toFixed(2)} times as many`);
  }
});
