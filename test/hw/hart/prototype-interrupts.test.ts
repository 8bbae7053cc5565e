import test from 'ava';
import { Cause } from '../../../hw/isa/index.ts';
import { runProgram } from '../../platforms/machine.ts';
import { guestHarts, waitForInterrupt } from './guest-harts.ts';

const platform = 'prototype-2hart';
const interrupt = 1n << 63n;

/** Both harts run guest code, hart h as vCPU id h + 1. */
function guests(first: string, second: string, machine = ''): string {
  const setUp = `
    addi t0, s0, 1
    wrvcpuid t0
    ${machine}`;
  return guestHarts({ setUp, first, second });
}

test('a guest sends a virtual IPI by an instruction; the receiver finds its id and clears its bit, and nobody exits', (t) => {
  const { end, machine } = runProgram(
    guests(
      'li t0, 4\nsvipi0 t0',
      `${waitForInterrupt(2)}
      rdvcpuid a1
      rvipi0 a2
      csrr a3, sip
      li t0, -5
      cvipi0 t0
      rvipi0 a4
      csrr a5, sip`,
    ),
    platform,
  );
  t.like(end, { kind: 'verdict' });
  const { x } = machine.harts[1]?.state ?? {};
  t.is(x?.[10], interrupt | 1n, 'scause: supervisor software interrupt');
  t.deepEqual([...(x?.slice(11, 16) ?? [])], [2n, 4n, 2n, 0n, 0n]);
  t.is(machine.harts[0]?.mode, 'VS');
});

test('each of the four words of virtual IPIs is read, set and cleared by its own instructions', (t) => {
  const ofWord = (word: number): string => `
    li t0, ${String(0xf0 + word)}
    svipi${String(word)} t0
    li t0, -17
    cvipi${String(word)} t0
    rvipi${String(word)} a${String(word)}`;
  const { machine } = runProgram(
    guests([0, 1, 2, 3].map(ofWord).join(''), 'j second\nhandler:').replace(
      'stay:',
      'j pass\nstay:',
    ),
    platform,
  );
  const { x } = machine.harts[0]?.state ?? {};
  t.deepEqual([...(x?.slice(10, 14) ?? [])], [0xe0n, 0xe1n, 0xe2n, 0xe3n]);
});

test('software raises a source of the controller, and the guest takes, claims and completes it through its own context', (t) => {
  const plic = 0x0c00_0000;
  const source = 31 + 1 + 3;
  const { end, machine } = runProgram(
    guests(
      `li t0, ${String(plic + 0x1f0_0000)}
      li t1, 8
      sw t1, 0(t0)`,
      `li t0, ${String(plic + 4 * source)}
      li t1, 1
      sw t1, 0(t0)
      li t0, ${String(plic + 0x2280 + 4)}
      li t1, ${String(1 << (source - 32))}
      sw t1, 0(t0)
      ${waitForInterrupt(0x200)}
      li t0, ${String(plic + 0x20_5004)}
      lw a1, 0(t0)
      sw a1, 0(t0)
      lw a2, 0(t0)`,
    ),
    platform,
  );
  t.like(end, { kind: 'verdict' });
  const { x } = machine.harts[1]?.state ?? {};
  t.is(x?.[10], interrupt | 9n, 'scause: supervisor external interrupt');
  t.deepEqual([...(x?.slice(11, 13) ?? [])], [BigInt(source), 0n]);
});

test('the guest timer, set by instructions, interrupts the exit handler when mtime reaches it', (t) => {
  const { machine } = runProgram(
    guests(
      `wait:
      j wait`,
      'j second\nhandler:',
      `la t0, expired
      csrw utvec, t0
      li t0, 0x10
      csrw mideleg, t0
      csrw sideleg, t0
      csrw mie, t0
      bnez s0, 1f
      li t0, 20
      wrvtimecmp t0
      li t0, 1
      wrvtimectl t0
      rdvtimecmp s2
      rdvtimectl s3
      j 1f
      .align 8
    expired:
      csrr a0, ucause
      csrr a1, time
      csrr a2, huip
      wrvtimectl x0
      csrr a3, huip
      j pass
    1:`,
    ),
    platform,
  );
  const { x } = machine.harts[0]?.state ?? {};
  t.is(x?.[10], interrupt | 4n, 'ucause: user timer interrupt');
  t.is(x?.[11], 20n);
  t.deepEqual([...(x?.slice(12, 14) ?? [])], [0x10n, 0n], 'a level that the enable bit gates');
  t.deepEqual([...(x?.slice(18, 20) ?? [])], [20n, 1n]);
});

test('an access to the interruptor is made with M’s rights and untranslated, whatever the guest’s tables say', (t) => {
  const { machine } = runProgram(
    guests('li t0, 4\nsvipi0 t0', waitForInterrupt(2), 'li t0, 0x8000000000000000\ncsrw vsatp, x0'),
    platform,
    'harts: { dvExt: { pmc: { kind: none } } }',
  );
  t.is(machine.harts[1]?.state.x[10], interrupt | 1n);
});

for (const [how, overlay] of [
  ['posting.interface none', 'harts: { dvExt: { posting: { interface: none } } }'],
  ['profile qemu', 'harts: { dvExt: { profile: qemu } }'],
] as const) {
  test(`${how}: there are no instructions for virtual IPIs`, (t) => {
    const { machine } = runProgram(guests('', 'handler:'), platform, overlay);
    t.is(machine.harts[0]?.state.x[10], BigInt(Cause.illegalInstruction));
  });
}

test('a machine without the interruptor: its instructions meet what is at its address', (t) => {
  const { machine } = runProgram(
    guests('', 'handler:'),
    platform,
    'devices: { clint: { at: 0x300_0000 } }',
  );
  const { x } = machine.harts[0]?.state ?? {};
  t.is(x?.[10], BigInt(Cause.storeAccessFault));
  t.is(x?.[11], 0x0200_5800n);
});

test('an instruction for the interruptor costs the access to it', (t) => {
  const cyclesOf = (body: string): bigint => {
    const { machine } = runProgram(
      guests('', 'j second\nhandler:', `csrr s2, mcycle\n${body}\ncsrr s3, mcycle\nj pass`),
      platform,
    );
    const { x } = machine.harts[0]?.state ?? {};
    return (x?.[19] ?? 0n) - (x?.[18] ?? 0n);
  };
  // docs/timing.md, "Uncached": it holds the pipeline until the CLINT has answered, 8 cycles; before it LUI, behind it the second read.
  t.is(cyclesOf('li t0, 0x2005000\nrvipi0 t1'), 10n);
});
