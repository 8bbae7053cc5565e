import test from 'ava';
import { hasPassed, runGuests, runOnBareMachine } from '../boot-guests.ts';

const variants = [
  'random-code:1',
  'random-code:20',
  'supervisor-code:3',
  'wild-jumps:5',
  'wild-accesses:7',
  'trap-storm:1',
];

test('guests that do everything wrong, all at once, harm neither the host nor each other', async (t) => {
  const requests = variants.map((variant) => ({ guest: 'chaos', options: ['--append', variant] }));
  const ended = await runGuests([...requests, { guest: 'measure' }], { cycles: 40_000_000 });
  t.true(hasPassed(ended), ended.console);
  for (const variant of variants) t.true(ended.console.includes(`chaos: ${variant}`));
  t.is(ended.console.match(/chaos: survived traps [1-9]/g)?.length, variants.length);
  t.false(ended.console.includes('WRONG'));
});

test('user code of random words is survived on the bare machine too', async (t) => {
  const ended = await runOnBareMachine('chaos', 'random-code:1');
  t.true(hasPassed(ended), ended.console);
});

test('a guest that waits for an interrupt that cannot come is reported as hung, not waited for', async (t) => {
  const { end } = await runGuests([{ guest: 'chaos', options: ['--append', 'endless-wfi'] }]);
  t.is(end.kind, 'hang');
});

test('a guest whose trap vector traps runs until the limit and no longer', async (t) => {
  const cycles = 1_500_000;
  const { end, machine } = await runGuests(
    [{ guest: 'chaos', options: ['--append', 'trap-loop'] }],
    { cycles },
  );
  t.deepEqual(end, { kind: 'budget', unit: 'cycles' });
  t.true(machine.cycle >= cycles);
});
