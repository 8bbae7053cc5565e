import test from 'ava';
import {
  hasPassed,
  linesOf,
  runGuests,
  runOnBareMachine,
  type GuestRequest,
  type RunOptions,
} from '../boot-guests.ts';

const inKernel: RunOptions = {
  platform: 'no-dv-2hart',
  hypervisor: 'sw/kvm-vmm',
  cycles: 60_000_000,
};
const oneHart: RunOptions = {
  ...inKernel,
  platform: 'duvisor-1hart',
  set: ['harts.dvExt.profile=none'],
};

const bare = runOnBareMachine('measure');

const run = (requests: readonly GuestRequest[], options = inKernel) => runGuests(requests, options);

for (const [name, options] of [
  ['2 harts', inKernel],
  ['1 hart', oneHart],
] as const) {
  test(`the measuring guest computes the same under the in-kernel hypervisor with ${name}`, async (t) => {
    const virtual = await run([{ guest: 'measure' }], options);
    t.true(hasPassed(virtual), virtual.console);
    t.deepEqual(linesOf(virtual.console, 'result'), linesOf((await bare).console, 'result'));
  });

  test(`a guest starts, interrupts, fences and stops its second vCPU with ${name}`, async (t) => {
    const ended = await run([{ guest: 'smp', vcpus: 2 }], options);
    t.true(hasPassed(ended), ended.console);
    t.true(ended.console.includes('smp: harts 2'));
  });
}

test('two virtual machines share two harts, and neither sees the other', async (t) => {
  const ended = await run([{ guest: 'measure' }, { guest: 'smp', vcpus: 2 }]);
  t.true(hasPassed(ended), ended.console);
  t.true(ended.console.includes('measure: end'));
  t.true(ended.console.includes('smp: end'));
  t.false(ended.console.includes('WRONG'));
});

test('the memory of a virtual machine that ended serves the next process', async (t) => {
  const ended = await run([{ guest: 'hello' }, { guest: 'hello' }, { guest: 'measure' }]);
  t.true(hasPassed(ended), ended.console);
  t.is(ended.console.split('Hello from the guest').length, 3);
});

test('guests that do everything wrong, all at once, harm neither the host nor each other', async (t) => {
  const variants = ['random-code:1', 'supervisor-code:3', 'wild-jumps:5', 'trap-storm:1'];
  const requests = variants.map((variant) => ({ guest: 'chaos', options: ['--append', variant] }));
  const ended = await run([...requests, { guest: 'measure' }]);
  t.true(hasPassed(ended), ended.console);
  t.is(ended.console.match(/chaos: survived traps [1-9]/g)?.length, variants.length);
  t.false(ended.console.includes('WRONG'));
});

test('every cycle has a reason', async (t) => {
  const { machine } = await run([{ guest: 'hello' }]);
  for (const { state, account } of machine.harts) t.is(account.tree.sum(), state.cycle);
});

test('2 MiB pages are refused rather than ignored', async (t) => {
  const ended = await run([{ guest: 'hello', options: ['--megapages'] }]);
  t.regex(ended.console, /kvm-vmm: --megapages: pages are backed one by one/);
});
