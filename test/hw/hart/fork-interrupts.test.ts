import test from 'ava';
import { Cause } from '../../../hw/isa/index.ts';
import { runProgram } from '../../platforms/machine.ts';

const interrupt = 1n << 63n;

/** Hart 0 runs `first` and hart 1 waits, both in VS mode; hart 1 is vCPU id 130 and has its virtual IPIs delegated to HU. */
function guests(first: string, handler: string, counters = -1): string {
  return `
    csrr s0, mhartid
    la t0, trapped
    csrw mtvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    li t0, ${String(counters)}
    csrw mcounteren, t0
    csrw scounteren, t0
    csrw hcounteren, t0
    csrw hucounteren, t0
    li t0, 0x200
    csrs hstatus, t0
    li t0, 1
    csrw mideleg, t0
    csrw sideleg, t0
    csrw mie, t0
    la t0, exited
    csrw utvec, t0
    la t0, first
    beqz s0, 1f
    li t0, 130
    csrw vcpuid, t0
    la t0, stay
  1:
    csrw mepc, t0
    li t0, 0x1800
    csrc mstatus, t0
    li t0, 0x800
    csrs mstatus, t0
    li t0, 1
    slli t0, t0, 39
    csrs mstatus, t0
    mret
    .align 2
  trapped:
    csrr a0, mcause
    j end
    .align 2
  exited:
    csrr a0, ucause
    ${handler}
    j end
  first:
    ${first}
  stay:
    j stay
  end:
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
    j end
  `;
}

test('a virtual IPI through a CSR of the QEMU fork is an exit of the vCPU, whose handler ends it there', (t) => {
  const { machine } = runProgram(
    guests(
      'li t0, 0x14\ncsrs vipi2, t0',
      `csrr a1, vcpuid
      csrr a2, vipi2
      csrr a3, huip
      li t0, 4
      csrrc a4, vipi2, t0
      csrr a5, vipi2
      csrr a6, huip`,
    ),
    'fork-2hart',
  );
  const { x } = machine.harts[1]?.state ?? {};
  t.is(x?.[10], interrupt, 'ucause: user software interrupt');
  t.deepEqual([...(x?.slice(11, 17) ?? [])], [130n, 0x14n, 1n, 0x14n, 0x10n, 0n]);
  t.is(machine.harts[0]?.mode, 'VS', 'the sender goes on');
});

test('a guest whose counters are not enabled cannot reach them', (t) => {
  const { machine } = runProgram(guests('csrr t0, vipi0', '', 4), 'fork-2hart');
  t.is(machine.harts[0]?.state.x[10], BigInt(Cause.illegalInstruction));
});
