import test from 'ava';
import { csrByName, hstatus, mideleg, mtvec } from '../../../hw/isa/index.ts';
import { guestMachine } from './guest-machine.ts';
import { testMachine } from './machine.ts';

const waiting = `
  la t0, handler
  csrw mtvec, t0
  li t0, 0x80
  csrw mie, t0
  csrsi mstatus, 8
  wfi
  li a0, 1
1:
  j 1b
.align 2
handler:
  li a0, 2
2:
  j 2b
`;

test('a hart in WFI costs nothing until a line wakes it, and the time is booked as waiting', (t) => {
  const { hart, load, queue, run } = testMachine();
  load(waiting);
  queue.at(5000, 1, () => {
    hart.setLine('mtip', true, 5000);
    hart.wake(5000);
  });
  run(5200);
  t.is(hart.state.x[10], 2n);
  t.true(hart.account.tree.at('M', 'wait') > 4900);
  t.is(hart.account.tree.sum(), hart.state.cycle);
  t.like(hart.status.lastTrap, { cause: 7, isInterrupt: true, cycle: 5000 });
});

test('a line that is not enabled does not end the wait', (t) => {
  const { hart, load, queue, run } = testMachine();
  load(waiting);
  queue.at(500, 1, () => {
    hart.setLine('msip', true, 500);
    hart.wake(500);
  });
  run(1000);
  t.true(hart.isWaiting);
  t.deepEqual(
    { enabled: hart.status.enabled, pending: hart.status.pending & 8n },
    { enabled: 0x80n, pending: 8n },
  );
});

test('an interrupt that is enabled but not globally ends the wait without a trap', (t) => {
  const { hart, load, queue, run } = testMachine();
  load(waiting.replace('csrsi mstatus, 8', 'nop'));
  queue.at(700, 1, () => {
    hart.setLine('mtip', true, 700);
    hart.wake(700);
  });
  run(900);
  t.is(hart.state.x[10], 1n);
  t.is(hart.status.lastTrap, undefined);
});

test('a machine in which every hart waits for nothing is reported as deadlocked', (t) => {
  const { load, scheduler } = testMachine({ hartCount: 2 });
  load('1: wfi\nj 1b');
  t.deepEqual(scheduler.run(10_000), { kind: 'deadlock' });
});

const guest = `
  la t0, handler
  csrw stvec, t0
  li t0, 32
  csrw sie, t0
  csrsi sstatus, 2
1:
  addi a0, a0, 1
  j 1b
.align 2
handler:
  li a7, 1
  ecall
`;
const handler = `
  bnez s0, 1f
  csrr s0, ucause
1:
  csrr s1, time
  li t1, FINISHER
  sd s1, 0(t1)
2:
  j 2b
`;

function withTimer(expiry: 'direct' | 'exit') {
  const machine = guestMachine(handler, guest, { knobs: { vtimer: { expiry } } });
  const { csrs } = machine.hart;
  const named = (name: string) => {
    const csr = csrByName.get(name);
    if (csr === undefined) throw new Error(name);
    return csr;
  };
  csrs.write(mideleg, ~0n);
  csrs.write(named('hideleg'), ~0n);
  csrs.write(named('sideleg'), 1n << 4n);
  csrs.write(named('mcounteren'), 7n);
  csrs.write(named('scounteren'), 7n);
  csrs.write(named('mie'), (1n << 4n) | (1n << 6n));
  csrs.write(named('vtimecmp'), 20n);
  csrs.write(named('vtimectl'), 1n);
  csrs.write(mtvec, 0n);
  return machine;
}

test('an expired guest timer interrupts the guest itself, at its tick and with no exit', (t) => {
  const machine = withTimer('direct');
  const traps: unknown[] = [];
  machine.hart.onTrap = ({ cause, to, cycle, isInterrupt }) => {
    if (traps.length === 0)
      traps.push({ cause, to, isInterrupt, isOnTime: cycle >= 2000 && cycle < 2010 });
  };
  machine.run(5000);
  t.deepEqual(traps, [{ cause: 6, to: 'VS', isInterrupt: true, isOnTime: true }]);
  t.is(machine.hart.state.x[8], 10n, 'the exit came from the handler in the guest');
});

test('with expiry exit the timer leads to the hypervisor as UTIP', (t) => {
  const machine = withTimer('exit');
  machine.run(5000);
  t.is(machine.hart.state.x[8], (1n << 63n) | 4n);
  t.is(machine.finished(), 20n);
  t.is(machine.hart.csrs.field(hstatus, 'hu'), 1n);
});
