import test from 'ava';
import { hasPassed, runGuests, type RunOptions } from '../boot-guests.ts';

const withPosting: RunOptions = {
  hypervisor: 'sw/kvm-vmm',
  set: ['harts.dvExt.pmc.kind=none'],
  cycles: 60_000_000,
};
const exitless = ['--exitless'];
const counted = /questions 0x28\r?\n.*answers 0x28\r?\n.*strays 0x0/;

for (const [writers, exits] of [
  ['hu-and-vs', 'no exits'],
  ['hu', 'an exit of the sender only'],
] as const) {
  test(`interrupts posted by the in-kernel hypervisor reach guests, with ${exits}`, async (t) => {
    const set = [...(withPosting.set ?? []), `harts.dvExt.posting.writers=${writers}`];
    const request = { guest: 'interrupts', vcpus: 2, options: exitless };
    const ended = await runGuests([request], { ...withPosting, set });
    t.true(hasPassed(ended), ended.console);
    t.regex(ended.console, /device-interrupts 0xa/);
    if (writers === 'hu-and-vs') t.regex(ended.console, counted);
  });
}

test('two virtual machines post, and neither is interrupted by the other', async (t) => {
  const request = { guest: 'interrupts', options: exitless };
  const ended = await runGuests([request, request], withPosting);
  t.true(hasPassed(ended), ended.console);
  t.is(ended.console.match(/strays 0x0/g)?.length, 2);
});

test('a machine that does not post says so', async (t) => {
  const set = ['harts.dvExt.profile=none'];
  const ended = await runGuests([{ guest: 'hello', options: exitless }], { ...withPosting, set });
  t.regex(ended.console, /kvm-vmm: the kernel posts no interrupts/);
});
