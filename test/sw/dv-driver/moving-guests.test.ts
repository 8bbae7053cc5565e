import test from 'ava';
import { hasPassed, linesOf, runGuests, runOnBareMachine } from '../boot-guests.ts';

test('vCPUs of three VMs on two harts keep their guest timers, tables and results while they move', async (t) => {
  const request = { guest: 'measure', options: ['--rotate', '1'] };
  const ended = await runGuests([request, request, request], { cycles: 100_000_000 });
  t.true(hasPassed(ended), ended.console);
  const alone = linesOf((await runOnBareMachine('measure')).console, 'result');
  t.deepEqual(
    linesOf(ended.console, 'result').toSorted(),
    [...alone, ...alone, ...alone].toSorted(),
  );
  const timers = linesOf(ended.console, 'measure').filter((line) =>
    line.includes('timer-interrupt'),
  );
  t.is(timers.length, 3);
  for (const line of timers) t.regex(line, /count=100 /);
});

test('devices serve vCPUs that move and share their harts with the threads of the devices', async (t) => {
  const request = { guest: 'devices', options: ['--devices', 'block,entropy', '--rotate', '1'] };
  const ended = await runGuests([request, { ...request, vcpus: 2 }], {
    platform: 'duvisor-devices',
    cycles: 100_000_000,
  });
  t.true(hasPassed(ended), ended.console);
  const interrupts = linesOf(ended.console, 'result').filter((line) => {
    return line.includes('block-interrupts');
  });
  t.deepEqual(
    interrupts,
    Array.from({ length: 2 }, () => 'result: block-interrupts 0xb'),
  );
});
