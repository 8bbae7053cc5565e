import test from 'ava';
import fc from 'fast-check';
import { causeName } from '../../hw/isa/index.ts';
import { cases } from './cases.ts';
import { engineNames } from './engines.ts';
import { expectSame, pictureOf } from './random-program/picture.ts';
import { randomProgram } from './random-program/program.ts';

const TICKS = 3000;
const [reference = 'oracle', ...others] = engineNames;

for (const engine of others) {
  test(`random programs do the same on ${engine} as on ${reference}`, (t) => {
    const property = fc.property(randomProgram(), (program) => {
      const expected = pictureOf(program, reference, { ticks: TICKS });
      expectSame(program, expected, pictureOf(program, engine, { ticks: TICKS }));
    });
    t.notThrows(() => fc.assert(property, cases(25, 1)));
  });
}

test('random programs reach every mode and every exception', (t) => {
  const modes = new Set<string>();
  const causes = new Set<string>();
  for (const program of fc.sample(randomProgram(), { numRuns: 80, seed: 4 })) {
    const { facts, traps } = pictureOf(program, 'oracle', { ticks: TICKS });
    for (const trap of traps) {
      const [, cause] = /exception (\d+)/.exec(trap) ?? [];
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
