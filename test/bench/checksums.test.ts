import test from 'ava';
import { engineNames } from '../harness/engines.ts';
import { coldMixChecksum, straightMixChecksum } from './cold-mix-reference.ts';
import { floatMixChecksum } from './float-mix-reference.ts';
import { loopMixChecksum } from './loop-mix-reference.ts';
import { buildProgram } from './program.ts';
import { runToEnd, wordAt } from './run-to-end.ts';
import { defaultVariant, machineOf } from './variant.ts';

for (const [name, reference, hasFloats] of [
  ['loop-mix', loopMixChecksum, false],
  ['cold-mix', coldMixChecksum, false],
  ['straight-mix', straightMixChecksum, false],
  ['float-mix', floatMixChecksum, true],
] as const) {
  test(`${name} computes what its reference computes, in the same cycles on every engine`, async (t) => {
    const program = await buildProgram(name);
    const expected = reference();
    const cycles = engineNames.map((engine) => {
      const platform = machineOf({ harts: 1, hasFloats }, { ...defaultVariant(), engine });
      const end = runToEnd(platform, program, { iterations: 1, harts: 1 });
      t.is(wordAt(end, 'checksum'), expected, engine);
      return end.machine.cycle;
    });
    t.is(new Set(cycles).size, 1, cycles.join(' '));
  });
}
