import test from 'ava';
import { hasPassed, runGuests, runOnBareMachine, type Ended } from '../boot-guests.ts';

function sawTwoHarts(ended: Ended): boolean {
  return hasPassed(ended) && ended.console.includes('smp: harts 2');
}

test('a guest starts, interrupts, fences and stops its second hart on the bare machine', async (t) => {
  const ended = await runOnBareMachine('smp');
  t.true(sawTwoHarts(ended), ended.console);
});

test('a guest starts, interrupts, fences and stops its second vCPU, each on a hart of its own', async (t) => {
  const ended = await runGuests([{ guest: 'smp', vcpus: 2 }]);
  t.true(sawTwoHarts(ended), ended.console);
});

test('two vCPUs that share one hart make progress', async (t) => {
  const ended = await runGuests([{ guest: 'smp', vcpus: 2 }], {
    platform: 'duvisor-1hart',
    cycles: 60_000_000,
  });
  t.true(sawTwoHarts(ended), ended.console);
});
