import test from 'ava';
import { Cause } from '../../../hw/isa/index.ts';
import { bootProgram, runProgram } from '../../platforms/machine.ts';
import { guestHarts, waitForInterrupt } from './guest-harts.ts';

const platform = 'duvisor-2hart';

/** Both harts become vCPUs of VM 1, hart h as vCPU h. */
function guests(first: string, second: string, machine = ''): string {
  const setUp = `
    .equ unit, 0x04000000
    li t0, unit
    li t1, 2
    bnez s0, 1f
    sw t1, 4(t0)
  1:
    li t0, 0x200
    csrs hstatus, t0
    li t0, 1
    csrw h_vmid, t0
    csrw hu_vcpuid, s0
    ${machine}`;
  return guestHarts({ setUp, first, second });
}

test('a guest posts a virtual IPI to another vCPU, and neither of them exits', (t) => {
  const { end, machine } = runProgram(
    guests(
      'li t0, 1\ncsrw hu_vitr, t0\ncsrr s1, hu_vitr',
      `${waitForInterrupt(2)}
      csrr a1, sip
      csrci sip, 2
      csrr a2, sip`,
    ),
    platform,
  );
  t.like(end, { kind: 'verdict' });
  const [sender, receiver] = machine.harts;
  t.is(receiver?.state.x[10], (1n << 63n) | 1n, 'scause: supervisor software interrupt');
  t.is(receiver?.state.x[11], 2n);
  t.is(receiver?.state.x[12], 0n, 'the guest’s own clear ends it');
  t.is(sender?.state.x[9], 0n, 'hu_vitr reads zero');
  t.is(sender?.mode, 'VS');
});

test('a guest claims and completes a posted vector through its window without exits', (t) => {
  const window = 0x0400_0000 + 0x4_0000;
  const { machine } = runProgram(
    guests(
      `li t1, ${String(window)}
      li t0, 3
      sw t0, 84(t1)
      li t0, 0x150001
      csrw hu_vitr, t0`,
      `li t1, ${String(window + 0x2080)}
      li t0, 0x200000
      sw t0, 0(t1)
      ${waitForInterrupt(0x200)}
      li t1, ${String(window + 0x2_1000)}
      lw a1, 4(t1)
      lw a2, 4(t1)
      sw a1, 4(t1)`,
    ),
    platform,
  );
  const receiver = machine.harts[1];
  t.is(receiver?.state.x[10], (1n << 63n) | 9n, 'scause: supervisor external interrupt');
  t.is(receiver?.state.x[11], 0x15n);
  t.is(receiver?.state.x[12], 0n);
});

const refused = [
  ['a vCPU that the VM does not have', 0x2n],
  ['no vCPU', 0xffffn],
  ['a vector beyond the last', 0x40_0001n],
] as const;

for (const [what, operand] of refused) {
  test(`a post to ${what} is a posting fault of the writer, precise, with the operand`, (t) => {
    const { machine } = runProgram(
      guests(
        `li t0, ${String(operand)}
        li s1, 1
        csrw hu_vitr, t0
        li s1, 2`,
        'spin: j spin\nhandler:',
      ),
      platform,
    );
    const { x } = machine.harts[0]?.state ?? {};
    t.is(x?.[10], BigInt(Cause.postingFault));
    t.is(x?.[11], operand);
    t.is(x?.[9], 1n, 'nothing behind it was executed');
  });
}

test('posting.unknown lost: a post to nobody has no effect', (t) => {
  const { machine } = runProgram(
    guests('li t0, 7\ncsrw hu_vitr, t0\nli t0, 1\ncsrw hu_vitr, t0', waitForInterrupt(2)),
    platform,
    'harts: { dvExt: { posting: { unknown: lost } } }',
  );
  t.is(machine.harts[1]?.state.x[10], (1n << 63n) | 1n);
});

test('posting.writers hu: a guest that posts is told to ask its hypervisor', (t) => {
  const { machine } = runProgram(
    guests('li t0, 1\ncsrw hu_vitr, t0', 'spin: j spin\nhandler:'),
    platform,
    'harts: { dvExt: { posting: { writers: hu } } }',
  );
  t.is(machine.harts[0]?.state.x[10], BigInt(Cause.virtualInstruction));
});

for (const [how, overlay] of [
  ['posting.interface none', 'harts: { dvExt: { posting: { interface: none } } }'],
  ['no unit on the platform', 'wires: { hart.0.posted: ~, hart.1.posted: ~ }'],
] as const) {
  test(`${how}: the registers of posting do not exist`, (t) => {
    const { machine } = runProgram(guests('', 'handler:'), platform, overlay);
    t.is(machine.harts[0]?.state.x[10], BigInt(Cause.illegalInstruction));
  });
}

test('a post costs the access to the unit, whatever comes of it', (t) => {
  const cyclesOf = (postedLoad: number): number => {
    const overlay = `harts: { timing: { parameters: { postedLoad: { value: ${String(postedLoad)} } } } }`;
    const { machine } = runProgram(
      guests(
        'csrr t1, cycle\nli t0, 0\ncsrw hu_vitr, t0\ncsrr t2, cycle\nsub s1, t2, t1\nj pass',
        'spin: j spin\nhandler:',
        'li t0, 7\ncsrw mcounteren, t0\ncsrw hcounteren, t0',
      ),
      platform,
      overlay,
    );
    return Number(machine.harts[0]?.state.x[9]);
  };
  t.is(cyclesOf(29) - cyclesOf(9), 20);
});

test('what a hart runs is forgotten at reset', (t) => {
  const { machine } = bootProgram('nop', platform);
  machine.reset(0x8000_0000n);
  const unit = machine.circuit.component('posted');
  t.is(unit.read(0x3000, 8), 0xffffn);
});
