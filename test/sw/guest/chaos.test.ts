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
  const { end, report } = await runGuests([
    { guest: 'chaos', options: ['--append', 'endless-wfi'] },
  ]);
  t.is(end.kind, 'hang');
  t.regex(report, /^error\[E-RUN-004\]: no progress: hart \d waits in WFI, and nothing is left/);
  t.regex(report, /^ {3}hart 0 {2}mode HS {2}pc 0x[0-9a-f]+ <host\/.* in WFI, \d+ instructions/m);
  t.regex(report, /^ {3}hint: all interrupts are disabled|^ {3}hint: no timer is armed/m);
});

test('a guest whose trap vector traps runs until the limit and no longer', async (t) => {
  const cycles = 1_500_000;
  const { end, machine, report } = await runGuests(
    [{ guest: 'chaos', options: ['--append', 'trap-loop'] }],
    { cycles },
  );
  t.deepEqual(end, { kind: 'budget', unit: 'cycles' });
  t.true(machine.cycle >= cycles);
  t.regex(report, /^error\[E-RUN-002\]: the budget is used up: 1,\d{3},\d{3} cycles, and/);
  t.regex(report, /^ {3}hart 0 {2}mode (M|HS|U|HU|VS|VU) {2}pc 0x[0-9a-f]+ <.*>/m);
  t.regex(report, /^ {3}hart 1 {2}mode (HU|VS|VU) {2}pc 0x[0-9a-f]+ .*running, \d+ instructions/m);
  t.regex(
    report,
    /^ {11}last trap: instructionGuestPageFault from VS to HU at 0x[0-9a-f]+, value/m,
  );
});
