import test from 'ava';
import { Cause } from '../../../hw/isa/index.ts';
import { runProgram } from '../../platforms/machine.ts';
import { guestHarts } from './guest-harts.ts';

const interrupt = 1n << 63n;

/** Hart 0 runs `first` and hart 1 waits; hart 1 is vCPU id 130, and its virtual IPIs are delegated to HU. */
function guests(first: string, handler: string, counters = -1): string {
  const setUp = `
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
    beqz s0, 1f
    li t0, 130
    csrw vcpuid, t0
    j 1f
    .align 2
  exited:
    csrr a0, ucause
    ${handler}
    j pass
  1:`;
  return guestHarts({ setUp, first, second: 'wait: j wait\nhandler:' });
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
