import test from 'ava';
import { runSupervisor } from '../software-machine.ts';
import { eid, keep, sbi, supervisorProgram } from './supervisor-program.ts';

const none = 99n;
const loadAccessFault = 5n;
const storeAccessFault = 7n;
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

const grant = (vm: number, base: number, size: number, permissions = 7): string =>
  sbi(eid.pmc, 0, vm, base, size, permissions);
const revoke = (vm: number, base: number, size: number): string => sbi(eid.pmc, 1, vm, base, size);
const change = (vm: number): string => sbi(eid.pmc, 2, vm);

/** Makes one access as a guest's kernel with both stages off would, and keeps the cause (99: no trap) and the value. */
function guestAccess(instruction: 'hlv.d a1, (t3)' | 'hsv.d a1, (t3)', address: number): string {
  return `
    la t0, trap
    li t1, ${String(none)}
    sd t1, 0(t0)
    li t3, ${String(address)}
    li a1, 0x77
    ${instruction}
    la t0, trap
    ld a0, 0(t0)
    ${keep}
  `;
}

const load = (address: number): string => guestAccess('hlv.d a1, (t3)', address);
const store = (address: number): string => guestAccess('hsv.d a1, (t3)', address);
const asGuestKernel = `
  li t0, 0x100
  csrs hstatus, t0
`;

test('a guest reaches what its VM was granted, with the rights granted, while its VM is current', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(`
      ${asGuestKernel}
      ${grant(1, 0x8040_0000, 0x1000)} ${keep}
      ${grant(1, 0x8050_0000, 0x3000, 1)} ${keep}
      ${load(0x8040_0000)}
      ${change(1)} ${keep}
      ${store(0x8040_0ff8)}
      ${load(0x8040_0ff8)}
      ${load(0x8040_1000)}
      ${load(0x803f_fff8)}
      ${load(0x8050_2ff8)}
      ${load(0x8050_3000)}
      ${store(0x8050_0000)}
      ${change(2)} ${keep}
      ${load(0x8040_0000)}
    `),
  );
  const causes = Array.from({ length: 13 }, (_, index) => result('results', 2 * index));
  t.deepEqual(causes, [
    0n,
    0n,
    loadAccessFault,
    0n,
    none,
    none,
    loadAccessFault,
    loadAccessFault,
    none,
    loadAccessFault,
    storeAccessFault,
    0n,
    loadAccessFault,
  ]);
  t.is(result('results', 11), 0x77n, 'the guest reads what it wrote');
});

test('the host reaches granted memory, and nobody below M the firmware', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(`
      ${grant(1, 0x8040_0000, 0x1000, 1)}
      ${change(1)}
      li t3, 0x80400000
      li a0, 5
      sd a0, 0(t3)
      ld a0, 0(t3)
      ${keep}
      li t3, 0x80000000
      ld a0, 0(t3)
      la t0, trap
      ld a0, 0(t0)
      ld a1, 24(t0)
      ${keep}
    `),
  );
  t.is(result('results', 0), 5n);
  t.is(result('results', 2), loadAccessFault);
  t.is(result('results', 3), 1n);
});

test('a revoked range is out of reach, for the named range and for all of a VM', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(`
      ${asGuestKernel}
      ${grant(1, 0x8040_0000, 0x1000)}
      ${grant(1, 0x8041_0000, 0x1000)}
      ${grant(1, 0x8042_0000, 0x1000)}
      ${change(1)}
      ${load(0x8040_0000)}
      ${revoke(1, 0x8040_0000, 0x1000)} ${keep}
      ${load(0x8040_0000)}
      ${load(0x8041_0000)}
      ${revoke(1, 0x8040_0000, 0x1000)} ${keep}
      ${revoke(1, 0, 0)} ${keep}
      ${load(0x8041_0000)}
      ${load(0x8042_0000)}
      ${grant(2, 0x8041_0000, 0x1000)} ${keep}
    `),
  );
  const values = Array.from({ length: 9 }, (_, index) => signed(result('results', 2 * index)));
  t.deepEqual(values, [
    none,
    0n,
    loadAccessFault,
    none,
    -3n,
    0n,
    loadAccessFault,
    loadAccessFault,
    0n,
  ]);
});

test('revoke returns after the other harts have dropped what they had decided', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `
      ${grant(1, 0x8040_0000, 0x1000)}
      ${sbi(eid.hsm, 0, 1, 'reader', 0)}
    ready:
      la t0, count
      ld t1, 0(t0)
      li t2, 10
      bltu t1, t2, ready
      ${revoke(1, 0x8040_0000, 0x1000)} ${keep}
      la t0, count
      ld t3, 0(t0)
    later:
      la t0, refused
      ld t1, 0(t0)
      li t2, 10
      bltu t1, t2, later
      la t0, count
      ld a0, 0(t0)
      sub a0, a0, t3
      ${keep}
    `,
      `
    reader:
      la t0, on_refusal
      csrw stvec, t0
      ${asGuestKernel}
      ${change(1)}
      la s1, count
      la s2, refused
      li t3, 0x80400000
    forever:
      hlv.d t1, (t3)
      ld t1, 0(s1)
      addi t1, t1, 1
      sd t1, 0(s1)
      j forever
    .align 2
    on_refusal:
      ld t1, 0(s2)
      addi t1, t1, 1
      sd t1, 0(s2)
      la t1, forever
      csrw sepc, t1
      sret
    .align 3
    count: .dword 0
    refused: .dword 0
    `,
    ),
  );
  t.is(result('results', 0), 0n);
  t.true(result('results', 2) <= 1n, 'one access may have been on its way to be counted');
});

const errors: readonly (readonly [what: string, call: string, error: bigint])[] = [
  ['VM 0', grant(0, 0x8040_0000, 0x1000), -3n],
  ['a VM id above 14 bits', grant(0x4000, 0x8040_0000, 0x1000), -3n],
  ['size 0', grant(1, 0x8040_0000, 0), -3n],
  ['a base that is not page aligned', grant(1, 0x8040_0800, 0x1000), -3n],
  ['a size that is not whole pages', grant(1, 0x8040_0000, 0x1800), -3n],
  ['no permission', grant(1, 0x8040_0000, 0x1000, 0), -3n],
  ['write without read', grant(1, 0x8040_0000, 0x1000, 2), -3n],
  ['an unknown permission', grant(1, 0x8040_0000, 0x1000, 9), -3n],
  ['the firmware’s memory', grant(1, 0x801f_f000, 0x1000), -5n],
  ['a range around the firmware', grant(1, 0x7fff_f000, 0x1000_0000), -5n],
  ['a range that wraps', grant(1, -4096, 0x2000), -5n],
  ['a switch to a VM id above 14 bits', change(0x4000), -3n],
];

test('grant refuses what it cannot hold to', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(errors.map(([, call]) => call + '\n' + keep).join('\n')),
  );
  errors.forEach(([what, , error], index) => {
    t.is(signed(result('results', 2 * index)), error, what);
  });
});

test('grants of any VM never overlap', async (t) => {
  const tries: readonly (readonly [number, number, number, bigint])[] = [
    [1, 0x8040_0000, 0x4000, 0n],
    [2, 0x8040_0000, 0x1000, -6n],
    [2, 0x8040_3000, 0x1000, -6n],
    [1, 0x803f_f000, 0x2000, -6n],
    [2, 0x8030_0000, 0x20_0000, -6n],
    [2, 0x8040_4000, 0x1000, 0n],
    [2, 0x803f_f000, 0x1000, 0n],
  ];
  const { result } = await runSupervisor(
    supervisorProgram(
      tries.map(([vm, base, size]) => grant(vm, base, size) + '\n' + keep).join('\n'),
    ),
  );
  tries.forEach(([, base, , error], index) => {
    t.is(signed(result('results', 2 * index)), error, base.toString(16));
  });
});

test('a VM gets as many ranges as there are entries: one for an aligned power of two, two for others', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(`
      ${sbi(eid.pmc, 3)} ${keep}
      ${Array.from({ length: 6 }, (_, index) => grant(1, 0x8040_0000 + index * 0x1_0000, 0x3000)).join('\n')}
      ${keep}
      ${grant(1, 0x8060_0000, 0x1000)} ${keep}
      ${grant(1, 0x8061_0000, 0x3000)} ${keep}
      ${grant(1, 0x8062_0000, 0x1000)} ${keep}
      ${grant(1, 0x8063_0000, 0x1000)} ${keep}
      ${grant(2, 0x8063_0000, 0x1000)} ${keep}
    `),
  );
  t.is(result('results', 1) & 0xffffn, 14n);
  t.is(result('results', 1) >> 16n, 12n);
  const values = [1, 2, 3, 4, 5, 6].map((index) => signed(result('results', 2 * index)));
  t.deepEqual(values, [0n, 0n, -1n, 0n, -1n, 0n]);
});

test('the limit of a VM follows from the entries that harts have: two are the firmware’s and the rest of memory’s', async (t) => {
  for (const entries of [4, 8, 16]) {
    const { result } = await runSupervisor(supervisorProgram(`${sbi(eid.pmc, 3)} ${keep}`), {
      set: [`harts.dvExt.pmc.entries=${String(entries)}`],
    });
    t.is(result('results', 1) & 0xffffn, BigInt(entries - 2));
  }
});

const scoped = (scope: 'vm' | 'global') => ({ set: [`harts.dvExt.pmc.scope=${scope}`] });

/** Grants VM 1 a range, makes VM 2 current and reaches for the range; then keeps the cycles of two changes of VM. */
const neighbour = supervisorProgram(`
  ${asGuestKernel}
  ${grant(1, 0x8040_0000, 0x1000)}
  ${grant(2, 0x8041_0000, 0x1000)}
  ${change(2)} ${keep}
  ${load(0x8041_0000)}
  ${load(0x8040_0000)}
  ${store(0x8040_0000)}
  ${load(0x8042_0000)}
  ${change(0)}
  ${load(0x8040_0000)}
  ${revoke(1, 0, 0)}
  ${load(0x8040_0000)}
  csrr s1, cycle
  ${change(1)}
  ${change(2)}
  csrr a0, cycle
  sub a0, a0, s1
  ${keep}
`);

test('a VM reaches the ranges of another only where ranges are global', async (t) => {
  const causes = { vm: [none, loadAccessFault, storeAccessFault], global: [none, none, none] };
  const spent: bigint[] = [];
  for (const scope of ['vm', 'global'] as const) {
    const { result } = await runSupervisor(neighbour, scoped(scope));
    const values = Array.from({ length: 7 }, (_, index) => result('results', 2 * index));
    const withoutVm = scope === 'vm' ? loadAccessFault : none;
    t.deepEqual(
      values,
      [0n, ...causes[scope], loadAccessFault, withoutVm, loadAccessFault],
      `scope ${scope}`,
    );
    spent.push(result('results', 14));
  }
  const [vm = 0n, global = 0n] = spent;
  t.true(global < vm, `a change of VM programs nothing: ${String(global)} < ${String(vm)} cycles`);
});

test('where ranges are global every hart holds them, whether it started before or after the grant', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `
      ${asGuestKernel}
      ${grant(1, 0x8040_0000, 0x1000)}
      ${sbi(eid.hsm, 0, 1, 'other', 0)}
      la s1, turn
    first:
      ld t1, 0(s1)
      beqz t1, first
      ${grant(2, 0x8041_0000, 0x1000)}
      li t1, 2
      sd t1, 0(s1)
    second:
      ld t1, 0(s1)
      li t2, 3
      bne t1, t2, second
      `,
      `
    other:
      la t0, on_trap
      csrw stvec, t0
      la s0, results
      la s1, turn
      ${asGuestKernel}
      ${load(0x8040_0000)}
      ${load(0x8041_0000)}
      li t1, 1
      sd t1, 0(s1)
    granted:
      ld t1, 0(s1)
      li t2, 2
      bne t1, t2, granted
      ${load(0x8041_0000)}
      li t1, 3
      sd t1, 0(s1)
    stay:
      j stay
    .align 3
    turn: .dword 0
    `,
    ),
    scoped('global'),
  );
  const causes = [0, 1, 2].map((index) => result('results', 2 * index));
  t.deepEqual(causes, [none, loadAccessFault, none]);
});

test('all VMs share the entries where ranges are global', async (t) => {
  const ranges = Array.from({ length: 15 }, (_, index) => {
    return `${grant(1 + index, 0x8040_0000 + index * 0x1000, 0x1000)} ${keep}`;
  });
  for (const scope of ['vm', 'global'] as const) {
    const { result } = await runSupervisor(
      supervisorProgram(`
        ${ranges.join('\n')}
        ${revoke(3, 0x8040_2000, 0x1000)}
        ${grant(16, 0x8050_0000, 0x1000)} ${keep}
      `),
      scoped(scope),
    );
    const errors = Array.from({ length: 16 }, (_, index) => signed(result('results', 2 * index)));
    const last = scope === 'vm' ? 0n : -1n;
    t.deepEqual(errors, [...Array.from({ length: 14 }, () => 0n), last, 0n], `scope ${scope}`);
  }
});

test('a machine without DV-Ext has no PMC', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(`
      ${sbi(eid.base, 3, eid.pmc)} ${keep}
      ${grant(1, 0x8040_0000, 0x1000)} ${keep}
      ${sbi(eid.pmc, 3)} ${keep}
    `),
    { platform: 'no-dv-2hart' },
  );
  t.is(result('results', 1), 0n);
  t.is(signed(result('results', 2)), -2n);
  t.is(signed(result('results', 4)), -2n);
});
