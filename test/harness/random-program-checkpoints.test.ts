import test from 'ava';
import fc from 'fast-check';
import { cases } from './cases.ts';
import { engineNames } from './engines.ts';
import { expectSame, pictureOf } from './random-program/picture.ts';
import { randomProgram } from './random-program/program.ts';
import { startMachine } from './random-program/start.ts';

const TICKS = 3000;

for (const engine of engineNames) {
  test(`${engine}: random programs do the same if they go on in a new machine, on each engine in turn`, (t) => {
    const property = fc.property(
      randomProgram(),
      fc.integer({ min: 500, max: TICKS }),
      (program, slice) => {
        const whole = pictureOf(program, engine, { ticks: TICKS });
        const restoredOn = [...engineNames].reverse();
        expectSame(program, whole, pictureOf(program, engine, { ticks: TICKS, slice, restoredOn }));
      },
    );
    t.notThrows(() => fc.assert(property, cases(3, 11)));
  });
}

test('random programs go on through the stages in a new machine, on each engine in turn', (t) => {
  const machine = { inStages: true };
  const property = fc.property(
    randomProgram(),
    fc.integer({ min: 500, max: TICKS }),
    (program, slice) => {
      const whole = pictureOf(program, 'translator', { ticks: TICKS, machine });
      const cut = { ticks: TICKS, slice, restoredOn: engineNames, machine };
      expectSame(program, whole, pictureOf(program, 'translator', cut));
    },
  );
  t.notThrows(() => fc.assert(property, cases(2, 13)));
});

test('a checkpoint has the same bytes whatever engine has run', (t) => {
  const property = fc.property(
    randomProgram(),
    fc.integer({ min: 1, max: TICKS }),
    (program, ticks) => {
      const [expected, ...others] = engineNames.map((engine) => {
        const machine = startMachine(program, engine, { inStages: ticks % 2 === 0 });
        machine.scheduler.run(ticks);
        return machine.checkpoint.save();
      });
      for (const other of others) {
        for (const [name, bytes] of expected ?? []) {
          t.is(Buffer.compare(bytes, other.get(name) ?? new Uint8Array()), 0, name);
        }
      }
    },
  );
  fc.assert(property, cases(4, 12));
});
