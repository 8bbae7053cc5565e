import test from 'ava';
import { hasPassed, linesOf, runGuests, runOnBareMachine } from '../boot-guests.ts';

test('the measuring guest computes the same on the bare machine and under DuVisor', async (t) => {
  const bare = await runOnBareMachine('measure');
  const virtual = await runGuests([{ guest: 'measure' }]);
  t.true(hasPassed(bare), bare.console);
  t.true(hasPassed(virtual), virtual.console);
  t.true(linesOf(bare.console, 'result').length >= 7);
  t.deepEqual(linesOf(virtual.console, 'result'), linesOf(bare.console, 'result'));
  t.false(virtual.console.includes('WRONG'));
});

test('the measuring guest times each primitive a hundred times', async (t) => {
  const { console } = await runGuests([{ guest: 'measure' }]);
  const primitives = [
    'null-hypercall',
    'first-touch',
    'mmio-write',
    'mmio-read',
    'timer-interrupt',
  ];
  const lines = linesOf(console, 'measure').filter((line) => line.includes('count='));
  t.deepEqual(
    lines.map((line) => line.split(' ')[1]),
    primitives,
  );
  for (const line of lines) t.regex(line, /count=100 min=\d+ mean=\d+ max=\d+ cycles$/);
});

test('with 2 MiB pages in stage 2 most first touches cost no exit', async (t) => {
  const ended = await runGuests([{ guest: 'measure', options: ['--megapages'] }]);
  t.true(hasPassed(ended), ended.console);
  const [line = ''] = linesOf(ended.console, 'measure').filter((text) =>
    text.includes('first-touch'),
  );
  const mean = Number(/mean=(\d+)/.exec(line)?.[1]);
  t.true(mean < 100, line);
});
