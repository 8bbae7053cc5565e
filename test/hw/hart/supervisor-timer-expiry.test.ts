import test from 'ava';
import { openProtection, testMachine } from './machine.ts';

const CYCLES_PER_TICK = 100;

/** Sets stimecmp to 20 and vstimecmp to 30, lets both interrupt HS, and waits for them there. */
const program = `
  la t0, handler
  csrw stvec, t0
  li t0, 1
  slli t0, t0, 63
  csrw menvcfg, t0
  csrw henvcfg, t0
  csrwi mcounteren, 2
  csrwi stimecmp, 20
  csrwi vstimecmp, 30
  li t0, 0x60
  csrw mie, t0
  csrw mideleg, t0
  li t0, 0x820
  csrs mstatus, t0
  csrsi sstatus, 2
  la t0, wait
  csrw mepc, t0
  mret
wait:
  wfi
  j wait
handler:
  li t0, -1
  csrr t1, scause
  andi t1, t1, 15
  addi t1, t1, -5
  bnez t1, second
  csrw stimecmp, t0
  csrr s0, time
  sret
second:
  li t1, FINISHER
  sd s0, 0(t1)
`;

test('each timer of Sstc ends a wait at its own tick, and interrupts by its own number', (t) => {
  const machine = testMachine({ profile: 'none', named: ['sstc'] });
  const traps: { cause: number; to: string; tick: number }[] = [];
  machine.hart.onTrap = ({ cause, to, cycle, isInterrupt }) => {
    if (isInterrupt) traps.push({ cause, to, tick: Math.floor(cycle / CYCLES_PER_TICK) });
  };
  openProtection(machine.hart);
  machine.load(program);
  machine.run(10_000);
  t.deepEqual(traps, [
    { cause: 5, to: 'HS', tick: 20 },
    { cause: 6, to: 'HS', tick: 30 },
  ]);
  t.is(machine.finished(), 20n);
});
