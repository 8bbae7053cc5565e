import test from 'ava';
import fc from 'fast-check';
import { causeName } from '../../hw/isa/index.ts';
import { engineNames } from './engines.ts';
import { differences, pictureOf } from './random-program/picture.ts';
import { randomProgram } from './random-program/program.ts';

const TICKS = 4000;
const [reference = 'oracle', ...others] = engineNames;

for (const engine of others) {
  test(`random programs do the same on ${engine} as on ${reference}`, (t) => {
    const property = fc.property(randomProgram(), (program) => {
      const expected = pictureOf(program, reference, { ticks: TICKS });
      t.deepEqual(differences(expected, pictureOf(program, engine, { ticks: TICKS })), []);
    });
    fc.assert(property, { numRuns: 200, seed: 1 });
  });
}

for (const engine of engineNames) {
  for (const slice of [1, 7, 100, 1000]) {
    test(`${engine}: random programs do the same in slices of ${slice} ticks`, (t) => {
      const property = fc.property(randomProgram(), (program) => {
        const whole = pictureOf(program, engine, { ticks: TICKS });
        const sliced = pictureOf(program, engine, { ticks: TICKS, slice });
        t.deepEqual(differences(whole, sliced), []);
      });
      fc.assert(property, { numRuns: 30, seed: slice });
    });
  }
}

test('random programs reach every mode, and most of what can be trapped', (t) => {
  const modes = new Set<string>();
  const causes = new Set<string>();
  for (const program of fc.sample(randomProgram(), { numRuns: 120, seed: 2 })) {
    const { facts, traps } = pictureOf(program, reference, { ticks: TICKS });
    for (const trap of traps) {
      const [, cause] = /^exception (\d+)/.exec(trap) ?? [];
      if (cause !== undefined) causes.add(causeName(Number(cause)));
    }
    for (const name of facts.keys()) {
      const [, mode] = /^hart 0 (\w+) issue$/.exec(name) ?? [];
      if (mode !== undefined) modes.add(mode);
    }
  }
  t.deepEqual([...modes].sort(), ['HS', 'HU', 'M', 'U', 'VS', 'VU']);
  t.is(causes.size, 19, [...causes].join(', '));
});
