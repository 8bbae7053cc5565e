import test from 'ava';
import {
  hasPassed,
  linesOf,
  runGuests,
  runOnBareMachine,
  type RunOptions,
} from '../boot-guests.ts';

const options: RunOptions = {
  hypervisor: 'sw/kvm-vmm',
  set: ['harts.dvExt.pmc.kind=none'],
  cycles: 60_000_000,
};
const bare = runOnBareMachine('measure');

for (const [word, what] of [
  ['--forward', 'a process that the kernel forwards its exits to'],
  ['--dv-state', 'a kernel that switches the registers of DV-Ext'],
] as const) {
  test(`the measuring guest computes the same under ${what}`, async (t) => {
    const ended = await runGuests([{ guest: 'measure', options: [word] }], options);
    t.true(hasPassed(ended), ended.console);
    t.deepEqual(linesOf(ended.console, 'result'), linesOf((await bare).console, 'result'));
  });

  test(`a guest starts, interrupts, fences and stops its second vCPU under ${what}`, async (t) => {
    const ended = await runGuests([{ guest: 'smp', vcpus: 2, options: [word] }], options);
    t.true(hasPassed(ended), ended.console);
  });
}

test('a kernel on harts without DV-Ext switches none of its registers', async (t) => {
  const set = ['harts.dvExt.profile=none'];
  const ended = await runGuests([{ guest: 'hello', options: ['--dv-state'] }], { ...options, set });
  t.regex(ended.console, /kvm-vmm: the kernel lacks a capability, or its harts/);
});
