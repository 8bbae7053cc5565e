import test from 'ava';
import { runProgram } from '../../platforms/machine.ts';

/** Hart 0 sleeps until the UART, looped back to itself, has received a byte; the handler claims, reads and completes. */
const program = (delegate: string, context: number, status: number, cause: string): string => `
  csrr t0, mhartid
  beqz t0, first
wait:
  wfi
  j wait
first:
  la t0, trap
  csrw mtvec, t0
  csrw stvec, t0
  li s0, 0x0c000000
  li t0, 2
  sw t0, 40(s0)
  li s1, ${String(0x0c00_2000 + 0x80 * context)}
  li t0, 0x400
  sw t0, 0(s1)
  li s2, ${String(0x0c20_0000 + 0x1000 * context)}
  li s3, 0x10000000
  li t0, 0x10
  sb t0, 4(s3)
  li t0, 1
  sb t0, 1(s3)
  li t0, 0xa00
  csrw mie, t0
  ${delegate}
  li t0, 65
  sb t0, 0(s3)
  csrsi ${status === 8 ? 'mstatus, 8' : 'sstatus, 2'}
sleep:
  wfi
  j sleep
  .align 2
trap:
  csrr a0, ${cause}
  lw a1, 4(s2)
  lw a2, 4(s2)
  lbu a3, 0(s3)
  sw a1, 4(s2)
  lw a4, 4(s2)
  li t0, 0x100000
  li t1, 0x5555
  sw t1, 0(t0)
stay:
  j stay
`;

const toSupervisor = `
  li t0, 0x200
  csrw mideleg, t0
  li t0, -1
  csrw pmpaddr0, t0
  li t0, 0x1f
  csrw pmpcfg0, t0
  la t0, supervisor
  csrw mepc, t0
  li t0, 0x1800
  csrc mstatus, t0
  li t0, 0x800
  csrs mstatus, t0
  mret
supervisor:
`;

for (const [mode, source, number] of [
  ['M', program('', 0, 8, 'mcause'), 11n],
  ['S', program(toSupervisor, 1, 2, 'scause'), 9n],
] as const) {
  test(`the UART interrupts ${mode} mode through the PLIC, and is silent once it is served`, (t) => {
    const { end, machine } = runProgram(source, 'duvisor-2hart');
    t.is(end.kind, 'verdict');
    const { x } = machine.harts[0]?.state ?? {};
    t.deepEqual(x?.slice(10, 15), BigUint64Array.of((1n << 63n) | number, 10n, 0n, 65n, 0n));
  });
}
