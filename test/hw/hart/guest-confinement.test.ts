import test from 'ava';
import { openProtection, testMachine } from './machine.ts';

// priv 18.2.1: VTVM and VTSR make a guest's attempts virtual-instruction exceptions. duvisor 1.6: in the QEMU fork
// those of hustatus replace those of hstatus while U or a guest runs.

const VIRTUAL_INSTRUCTION = 22n;
const CALL_FROM_GUEST = 10n;
const VTVM = 1 << 20;
const VTSR = 1 << 22;
const registers = ['hstatus', 'hustatus'] as const;

/** Lets a guest in VS execute an instruction over and over, sets `bit` in a register when it asks, and lets it go on: the last cause. */
function causeOf(
  attempt: string,
  bit: number,
  register: (typeof registers)[number],
  hustatus: string,
): bigint | undefined {
  const machine = testMachine({ knobs: { hustatus, 'pmc.kind': 'none' }, named: ['svinval'] });
  openProtection(machine.hart);
  machine.load(`
    la t0, handler
    csrw mtvec, t0
    csrw mscratch, zero
    la t0, guest
    csrw mepc, t0
    li t0, 0x800
    csrs mstatus, t0
    li t0, 1
    slli t0, t0, 39
    csrs mstatus, t0
    mret
  guest:
    la s2, behind
    li s3, 0x120
    li s1, 40
  again:
    csrw sepc, s2
    csrs sstatus, s3
    ${attempt}
  behind:
    addi s1, s1, -1
    bgtz s1, again
    ecall
    li s1, 40
    j again
  .balign 4
  handler:
    csrr s0, mcause
    csrr t0, mscratch
    bnez t0, end
    li t0, ${String(CALL_FROM_GUEST)}
    bne s0, t0, end
    csrw mscratch, t0
    li t0, ${String(bit)}
    csrs ${register}, t0
    csrr t0, mepc
    addi t0, t0, 4
    csrw mepc, t0
    mret
  end:
    li t0, FINISHER
    sd s0, 0(t0)
    j end
  `);
  machine.run(100_000);
  return machine.finished();
}

const attempts: readonly (readonly [attempt: string, bit: number])[] = [
  ['sret', VTSR],
  ['sfence.vma', VTVM],
  ['sinval.vma zero, zero', VTVM],
  ['csrr t1, satp', VTVM],
  ['csrw satp, zero', VTVM],
];

for (const [attempt, bit] of attempts) {
  test(`${attempt} of a guest is refused by the hstatus that hustatus shows, or by a separate hustatus`, (t) => {
    for (const hustatus of ['split', 'spv', 'separate']) {
      for (const register of registers) {
        const isRefused = hustatus !== 'separate' || register === 'hustatus';
        const expected = isRefused ? VIRTUAL_INSTRUCTION : CALL_FROM_GUEST;
        t.is(causeOf(attempt, bit, register, hustatus), expected, `${hustatus}, ${register}`);
      }
    }
  });
}

test('the other of the two bits refuses nothing', (t) => {
  for (const [attempt, bit] of attempts) {
    t.is(causeOf(attempt, VTVM ^ VTSR ^ bit, 'hustatus', 'separate'), CALL_FROM_GUEST, attempt);
  }
});
