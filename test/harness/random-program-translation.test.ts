import test from 'ava';
import fc from 'fast-check';
import type { TranslationLimits } from '../../hw/hart/index.ts';
import { cases } from './cases.ts';
import { expectSame, pictureOf } from './random-program/picture.ts';
import { randomProgram } from './random-program/program.ts';

const TICKS = 3000;

/** Eager and lazy, alone and together, from one instruction a region to more than any program has. */
const limits: fc.Arbitrary<TranslationLimits> = fc.record({
  heat: fc.constantFrom(1, 2, 3, 5, 17),
  batch: fc.constantFrom(1, 2, 7, 32),
  blocks: fc.constantFrom(1, 2, 5, 48, 500),
  instructions: fc.constantFrom(1, 2, 5, 30, 200, 1000),
  arrivals: fc.constantFrom(1, 2, 5),
  situations: fc.constantFrom(1, 2, 5, 30, 400),
  visits: fc.constantFrom(0, 1, 2, 8),
});

test('what is translated when, and how much at once, cannot be seen', (t) => {
  const property = fc.property(randomProgram(), limits, (program, translation) => {
    const expected = pictureOf(program, 'oracle', { ticks: TICKS });
    const actual = pictureOf(program, 'translator', { ticks: TICKS, machine: { translation } });
    expectSame(program, expected, actual);
  });
  t.notThrows(() => fc.assert(property, cases(25, 1)));
});

test('what is translated when cannot be seen in stages', (t) => {
  const property = fc.property(randomProgram(), limits, (program, translation) => {
    const machine = { inStages: true };
    const expected = pictureOf(program, 'oracle', { ticks: TICKS, machine });
    const actual = pictureOf(program, 'translator', {
      ticks: TICKS,
      machine: { ...machine, translation },
    });
    expectSame(program, expected, actual);
  });
  t.notThrows(() => fc.assert(property, cases(15, 4)));
});

test('following every cycle cannot be seen, and what is told adds up to what is counted', (t) => {
  const property = fc.property(randomProgram(), (program) => {
    const expected = pictureOf(program, 'translator', { ticks: TICKS });
    expectSame(
      program,
      expected,
      pictureOf(program, 'translator', { ticks: TICKS, isFollowed: true }),
    );
  });
  t.notThrows(() => fc.assert(property, cases(15, 2)));
});

test('profiling cannot be seen, and no cycle is lost in it', (t) => {
  const property = fc.property(randomProgram(), (program) => {
    const expected = pictureOf(program, 'translator', { ticks: TICKS });
    expectSame(
      program,
      expected,
      pictureOf(program, 'translator', { ticks: TICKS, isProfiled: true }),
    );
  });
  t.notThrows(() => fc.assert(property, cases(15, 3)));
});

test('tracing cannot be seen', (t) => {
  const property = fc.property(randomProgram(), (program) => {
    const expected = pictureOf(program, 'translator', { ticks: TICKS });
    expectSame(
      program,
      expected,
      pictureOf(program, 'translator', { ticks: TICKS, isTraced: true }),
    );
  });
  t.notThrows(() => fc.assert(property, cases(10, 1)));
});
