import test from 'ava';
import { hasPassed, runGuests, runOnBareMachine, type Ended } from '../boot-guests.ts';

// The guest ends only if nothing is lost, and reports success only if nothing came twice or from elsewhere.

function resultsOf({ console }: Ended): readonly string[] {
  return console.split('\n').filter((line) => line.startsWith('result: '));
}

const posted = [
  'result: device-interrupts 0xa',
  'result: software-interrupts 0x14',
  'result: ring 0x50',
  'result: questions 0x28',
  'result: answers 0x28',
  'result: strays 0x0',
];

test('the same guest takes its interrupts on the bare machine, through the PLIC', async (t) => {
  const ended = await runOnBareMachine('interrupts');
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(resultsOf(ended), posted.slice(0, 3));
});

/** Two vCPUs on two harts, as two tests look at them. */
let pair: Promise<Ended> | undefined;
const runPair = (): Promise<Ended> => (pair ??= runGuests([{ guest: 'interrupts', vcpus: 2 }]));

test('vCPUs post to each other and nothing is lost', async (t) => {
  const ended = await runPair();
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(resultsOf(ended), posted);
});

test('a posted virtual IPI takes less than a tenth of one that is kicked', async (t) => {
  const mean = ({ console }: Ended): number =>
    Number(/software-interrupt count=\d+ min=\d+ mean=(\d+)/.exec(console)?.[1]);
  const request = [{ guest: 'interrupts', vcpus: 2 }];
  const kicked = await runGuests(request, { set: ['harts.dvExt.posting.interface=none'] });
  const asked = await runGuests(request, { set: ['harts.dvExt.posting.writers=hu'] });
  const direct = await runPair();
  for (const ended of [kicked, asked, direct]) t.true(hasPassed(ended), ended.console);
  t.true(mean(direct) * 10 < mean(kicked), `${String(mean(direct))} ${String(mean(kicked))}`);
  t.true(mean(direct) < mean(asked) && mean(asked) < mean(kicked));
});

test('four vCPUs on two harts, of two VMs: every post arrives once and in its own VM', async (t) => {
  const ended = await runGuests(
    [
      { guest: 'interrupts', vcpus: 2 },
      { guest: 'interrupts', vcpus: 2 },
    ],
    { cycles: 200_000_000 },
  );
  t.true(hasPassed(ended), ended.console);
  t.deepEqual([...resultsOf(ended)].sort(), [...posted, ...posted].sort());
});

test('two vCPUs that share one hart lose nothing', async (t) => {
  const ended = await runGuests([{ guest: 'interrupts', vcpus: 2 }], {
    platform: 'duvisor-1hart',
    cycles: 200_000_000,
  });
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(resultsOf(ended), posted);
});

test('vCPUs that move from hart to hart while they post lose nothing', async (t) => {
  const ended = await runGuests([{ guest: 'interrupts', vcpus: 3, options: ['--rotate', '1'] }], {
    cycles: 200_000_000,
  });
  t.true(hasPassed(ended), ended.console);
  t.true(resultsOf(ended).includes('result: questions 0x78'), ended.console);
});

test('vCPUs of two VMs, two for each hart, lose nothing while they move', async (t) => {
  const request = { guest: 'interrupts', vcpus: 2, options: ['--rotate', '2'] };
  const ended = await runGuests([request, request], { cycles: 200_000_000 });
  t.true(hasPassed(ended), ended.console);
  t.deepEqual([...resultsOf(ended)].sort(), [...posted, ...posted].sort());
});

test('a vCPU that moves runs its guest on both harts', async (t) => {
  const ended = await runGuests([{ guest: 'measure', options: ['--rotate', '1'] }]);
  t.true(hasPassed(ended), ended.console);
  for (const { exits } of ended.machine.harts) {
    t.true(exits.summaries().some(({ handler }) => handler === 'HU'));
  }
});
