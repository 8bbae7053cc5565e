import test from 'ava';
import fc from 'fast-check';
import { cases } from './cases.ts';
import { engineNames } from './engines.ts';
import { expectSame, pictureOf } from './random-program/picture.ts';
import { randomProgram } from './random-program/program.ts';

// Counts follow docs/timing.md, "Caches".
const TICKS = 6000;
const machine = { hasSmallCaches: true };
const sliceTicks = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 11, max: 1500 }));
const [reference = 'oracle', ...others] = engineNames;

for (const engine of others) {
  test(`random programs take the same cycles behind caches on ${engine}`, (t) => {
    const property = fc.property(randomProgram(), (program) => {
      const expected = pictureOf(program, reference, { ticks: TICKS, machine });
      expectSame(program, expected, pictureOf(program, engine, { ticks: TICKS, machine }));
    });
    t.notThrows(() => fc.assert(property, cases(25, 1)));
  });

  test(`${engine}: random programs take the same cycles behind caches in slices`, (t) => {
    const property = fc.property(randomProgram(), sliceTicks, (program, slice) => {
      const expected = pictureOf(program, reference, { ticks: TICKS, machine });
      expectSame(program, expected, pictureOf(program, engine, { ticks: TICKS, slice, machine }));
    });
    t.notThrows(() => fc.assert(property, cases(10, 2)));
  });
}
