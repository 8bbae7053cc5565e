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

for (const variant of variants) {
  test(`${variant} harms nobody under DuVisor`, async (t) => {
    const ended = await runGuests([{ guest: 'chaos', options: ['--append', variant] }]);
    t.true(hasPassed(ended), ended.console);
    t.regex(ended.console, /chaos: survived traps [1-9]/);
  });
}

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
