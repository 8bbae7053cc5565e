import test from 'ava';
import fc from 'fast-check';
import { cases } from './cases.ts';
import { engineNames } from './engines.ts';
import { expectSame, pictureOf } from './random-program/picture.ts';
import { randomProgram } from './random-program/program.ts';

const TICKS = 3000;

for (const engine of engineNames) {
  for (const slice of [1, 7, 100, 1000]) {
    test(`${engine}: random programs do the same in slices of ${slice} ticks`, (t) => {
      const property = fc.property(randomProgram(), (program) => {
        const whole = pictureOf(program, engine, { ticks: TICKS });
        expectSame(program, whole, pictureOf(program, engine, { ticks: TICKS, slice }));
      });
      t.notThrows(() => fc.assert(property, cases(5, slice)));
    });
  }
}
