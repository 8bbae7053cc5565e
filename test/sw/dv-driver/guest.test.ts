import test from 'ava';
import { call, executable, runHost } from '../software-machine.ts';
import { keep, reporting, resultsOf, sys } from '../host/system-calls.ts';
import {
  becomeVcpu,
  driverProcess,
  dv,
  enterGuest,
  grant,
  keepExit,
  open,
  request,
} from './vm-process.ts';

const environmentCallFromVS = 10n;
const usip = -(2n ** 63n);

test('a guest runs in granted memory and exits to its process', async (t) => {
  const { console } = await runHost('/bin/test\n', [
    executable(
      'bin/test',
      driverProcess(
        `
        ${enterGuest(1)}
        huret
        .align 2
      handler:
        ${keepExit}
        mv a0, t0
        ${keep}
        `,
        `
      guest:
        li t0, 42
        ecall
      guest_end:
        `,
      ),
    ),
  ]);
  t.deepEqual(resultsOf(console), [environmentCallFromVS, 0n, 4n, 42n]);
});

const offences: readonly (readonly [what: string, guest: string, cause: number])[] = [
  ['loads from the host kernel', 'li t1, 0x80200000\nld t0, 0(t1)', 5],
  ['stores to the host kernel', 'li t1, 0x80200000\nsd t0, 0(t1)', 7],
  ['fetches from the host kernel', 'li t1, 0x80200000\njr t1', 1],
  ['loads from the firmware', 'li t1, 0x80000000\nld t0, 0(t1)', 5],
  ['loads from a device', 'li t1, 0x10000000\nlbu t0, 0(t1)', 5],
  ['loads behind its grant', 'auipc t1, 16\nld t0, 0(t1)', 5],
];

for (const [what, guest, cause] of offences) {
  test(`a process whose guest ${what} is ended, another VM and the host go on`, async (t) => {
    const good = driverProcess(
      `
      ${enterGuest(0)}
      huret
      .align 2
    handler:
      ${keepExit}
      `,
      `
    guest:
      li t0, 30000
    work:
      addi t0, t0, -1
      bnez t0, work
      ecall
    guest_end:
      `,
    );
    const bad = driverProcess(
      `
      ${enterGuest(1)}
      huret
      .align 2
    handler:
      ${keepExit}
      `,
      `
    guest:
      ${guest}
      ecall
    guest_end:
      `,
    );
    const { end, console, text } = await runHost('/bin/bad\n/bin/good\n', [
      executable('bin/bad', bad),
      executable('bin/good', good),
    ]);
    t.like(end, { kind: 'verdict', verdict: { kind: 'failed', code: 1 } });
    t.regex(text, new RegExp(`/bin/bad\\) let its guest reach memory.*cause ${String(cause)},`));
    t.regex(text, /\/bin\/bad\) ended with status 135/);
    t.notRegex(text, /\/bin\/good\) ended/);
    t.is(resultsOf(console.subarray(console.length - 24))[0], environmentCallFromVS);
  });
}

const variants = [
  'medeleg=without-access-faults',
  'pmc.entries=4',
  'pmc.granularity=4',
  'pmc.hostAccess=match',
  'pmc.walker=unchecked',
  'vmidBits=0',
  'vmid=absent',
  'hutinst=absent',
  'exitValues=shared',
  'hufence=all',
];

for (const variant of variants) {
  test(`with ${variant} the host is out of a guest’s reach all the same`, async (t) => {
    const process = driverProcess(
      `
      ${enterGuest(1)}
      huret
      .align 2
    handler:
      ${keepExit}
      csrr t0, uepc
      addi t0, t0, 4
      csrw uepc, t0
      li t0, 0x180
      csrw hustatus, t0
      huret
      `,
      `
    guest:
      li t0, 42
      auipc t1, 0
      sd t0, 124(t1)
      ecall
      li t1, 0x80200000
      sd t0, 0(t1)
    guest_end:
      `,
    );
    const { text } = await runHost('/bin/test\n', [executable('bin/test', process)], {
      set: [`harts.dvExt.${variant}`],
    });
    t.regex(text, /let its guest reach memory that is not granted, cause 7,.*value 0x80200000/);
  });
}

test('a trap that the process did not take on ends it', async (t) => {
  const { text } = await runHost('/bin/test\n', [
    executable(
      'bin/test',
      driverProcess(
        `
        ${enterGuest(1).replace('la a2, all', 'la a2, nothing')}
        huret
        .align 2
      handler:
        ${keepExit}
        `,
        `
      guest:
        ecall
      guest_end:
      .align 3
      nothing: .dword 0, 0
        `,
      ),
    ),
  ]);
  t.regex(text, /left a trap of its guest to the kernel, cause 10/);
});

test('a misaligned access of the guest that stage 2 refuses exits to the process, not to the kernel', async (t) => {
  const { console } = await runHost('/bin/test\n', [
    executable(
      'bin/test',
      driverProcess(
        `
        ${enterGuest(1)}
        ${grant(0x8000)} mv s4, a0
        ${request(dv.queryPhysical, 's4')} mv s5, a0
        ${request(dv.setStage2Root, 's5')}
        # guest-physical page 0 is the guest's code, page 1 is missing
        li t1, 0x4000
        add t2, s5, t1
        srli t2, t2, 2
        ori t2, t2, 1
        sd t2, 0(s4)
        li t1, 0x5000
        add t2, s5, t1
        srli t2, t2, 2
        ori t2, t2, 1
        li t1, 0x4000
        add t3, s4, t1
        sd t2, 0(t3)
        li t1, 0x5000
        add t3, s4, t1
        srli t2, s3, 2
        ori t2, t2, 0xdf
        sd t2, 0(t3)
        csrw uepc, zero
        mv s3, zero
        hufence.gvma zero, zero
        huret
        .align 2
      handler:
        ${keepExit}
        csrr a0, hutval
        ${keep}
        `,
        `
      guest:
        li t1, 4096
        lw t0, -2(t1)
        ecall
      guest_end:
        `,
      ),
    ),
  ]);
  t.deepEqual(resultsOf(console), [21n, 4096n, 4n, 1024n]);
});

test('a kick makes a vCPU on another hart leave its guest', async (t) => {
  const { console } = await runHost('/bin/test\n', [
    executable(
      'bin/test',
      driverProcess(
        `
        la a1, stack_end
        li a0, ${String(0x1_0f00)}
        li a2, 0
        li a3, 0
        li a4, 0
        li a7, ${String(sys.clone)}
        ecall
        beqz a0, other
        ${enterGuest(1)}
        li t0, 1
        csrw huie, t0
        la t1, ready
        sd s1, 0(t1)
        huret
        .align 2
      handler:
        csrr a0, ucause
        ${keep}
        li t0, 1
        csrc huip, t0
        csrr a0, huip
        andi a0, a0, 1
        ${keep}
        `,
        `
      other:
        la t0, ready
        ld s1, 0(t0)
        beqz s1, other
        ${call(sys.nanosleep, 'short', 0)}
        ${request(dv.kickVcpu, 0)}
        ${call(sys.exit, 0)}
      guest:
        j guest
      guest_end:
      .align 4
      .zero 256
      stack_end: .dword 0
      ready: .dword 0
      short: .dword 0, 300000
        `,
      ),
    ),
  ]);
  t.deepEqual(resultsOf(console), [usip, 0n]);
});

test('guests that share a hart are switched by the host’s timer and lose nothing', async (t) => {
  // Each guest counts for longer than the scheduler's slice; its counter and place must survive the other's turns.
  const counting = (start: number): string =>
    driverProcess(
      `
      ${enterGuest(0)}
      huret
      .align 2
    handler:
      ${keepExit}
      mv a0, t0
      ${keep}
      `,
      `
    guest:
      li t0, ${String(start)}
      li t1, 450000
    count:
      addi t0, t0, 1
      addi t1, t1, -1
      bnez t1, count
      ecall
    guest_end:
      `,
    );
  const { console, machine } = await runHost(
    '/bin/a\n/bin/b\n',
    [executable('bin/a', counting(100)), executable('bin/b', counting(200))],
    { platform: 'duvisor-1hart' },
  );
  const results = resultsOf(console);
  t.deepEqual(
    results.filter((_, index) => index % 4 === 0),
    [10n, 10n],
  );
  t.deepEqual([results[3], results[7]].toSorted(), [450_100n, 450_200n]);
  t.true(machine.cycle > 2_000_000);
});

const registers = [
  'uscratch',
  'utvec',
  'uepc',
  'ucause',
  'utval',
  'hutval',
  'hucounteren',
  'hutimedelta',
  'huvsscratch',
  'huvstvec',
  'huvsepc',
  'huvscause',
  'huvstval',
  'vtimecmp',
];

test('the registers of two vCPUs that take turns on one hart are kept apart', async (t) => {
  const writing = (seed: number): string =>
    driverProcess(
      `
      ${open}
      ${becomeVcpu(0)}
      ${registers.map((name, index) => `li t0, ${String(4 * (seed + index))}\ncsrw ${name}, t0`).join('\n')}
      li s5, 4
    again:
      ${call(sys.yield)}
      addi s5, s5, -1
      bnez s5, again
      ${registers.map((name) => `csrr a0, ${name}\n${keep}`).join('\n')}
      `,
    );
  const { console } = await runHost(
    '/bin/a\n/bin/b\n',
    [executable('bin/a', writing(2)), executable('bin/b', writing(4))],
    { platform: 'duvisor-1hart' },
  );
  const results = resultsOf(console);
  const expected = (seed: number): bigint[] =>
    registers.map((name, index) => {
      const value = BigInt(4 * (seed + index));
      return name === 'ucause' ? value & 31n : value;
    });
  t.deepEqual(results.slice(0, registers.length), expected(2));
  t.deepEqual(results.slice(registers.length), expected(4));
});

/** A guest that says what `scounteren` and `senvcfg` are, writes them, exits, and says what they are when it runs again. */
const privileges = `
  guest:
    csrr t0, scounteren
    csrr t2, senvcfg
    li t1, 5
    csrw scounteren, t1
    li t1, 1
    csrw senvcfg, t1
    ecall
    csrr t0, scounteren
    csrr t2, senvcfg
    ecall
  guest_end:
`;

/** Keeps what the guest said, and lets it go on once, after something else. */
const askTwice = (between: string): string => `
  li s4, 2
  huret
  .align 2
handler:
  mv a0, t0
  ${keep}
  mv a0, t2
  ${keep}
  csrr t0, uepc
  addi t0, t0, 4
  csrw uepc, t0
  li t0, 0x180
  csrw hustatus, t0
  addi s4, s4, -1
  beqz s4, done
  ${between}
  huret
done:
`;

test('what a guest allows its users holds for nobody else on its hart', async (t) => {
  const yields = call(sys.yield).repeat(4);
  const other = reporting(`
    li s5, 6
    again:
    rdtime t0
    rdcycle t0
    ${call(sys.yield)}
    addi s5, s5, -1
    bnez s5, again
    li a0, 77${keep}`);
  const { console, end } = await runHost(
    '/bin/a\n/bin/b\n',
    [
      executable('bin/a', driverProcess(enterGuest(0) + askTwice(yields), privileges)),
      executable('bin/b', other),
    ],
    { platform: 'duvisor-1hart' },
  );
  t.is(end.kind === 'verdict' ? end.verdict.kind : end.kind, 'passed');
  const results = resultsOf(console);
  t.deepEqual(
    results.filter((value) => value !== 77n),
    [0xffff_ffffn, 0n, 5n, 1n],
  );
  t.is(results.length, 5);
});

test('what a guest allows its users goes with it to another hart', async (t) => {
  const moving = askTwice(call(sys.setAffinity, 0, 8, 'hart_0'));
  const { console } = await runHost('/bin/a\n', [
    executable('bin/a', driverProcess(enterGuest(1) + moving, privileges)),
  ]);
  t.deepEqual(resultsOf(console), [0xffff_ffffn, 0n, 5n, 1n]);
});

test('a vCPU that moves to another hart and back sees what its guest changed there', async (t) => {
  // The guest reads virtual page 0, exits, is moved to hart 0, points page 0 elsewhere, fences there, and is moved back.
  const { console } = await runHost('/bin/test\n', [
    executable(
      'bin/test',
      driverProcess(
        `
        ${enterGuest(1)}
        li s4, 3
        huret
        .align 2
      handler:
        mv a0, t0
        ${keep}
        csrr t0, uepc
        addi t0, t0, 4
        csrw uepc, t0
        li t0, 0x180
        csrw hustatus, t0
        addi s4, s4, -1
        beqz s4, done
        andi t0, s4, 1
        bnez t0, back
        ${call(sys.setAffinity, 0, 8, 'hart_0')}
        huret
      back:
        ${call(sys.setAffinity, 0, 8, 'hart_1')}
        huret
      done:
        `,
        `
      guest:
        auipc t1, 0
        # t1 = the grant: root at +16 KiB, middle at +20 KiB, inner at +24 KiB, pages at +32 KiB and +36 KiB
        li t2, 0x4000
        add t3, t1, t2
        li t2, 0x5000
        add t4, t1, t2
        srli t5, t4, 2
        ori t5, t5, 1
        sd t5, 0(t3)
        li t5, 0x200000cf
        sd t5, 16(t3)
        li t2, 0x6000
        add t5, t1, t2
        srli t6, t5, 2
        ori t6, t6, 1
        sd t6, 0(t4)
        li t2, 0x8000
        add t4, t1, t2
        srli t6, t4, 2
        ori t6, t6, 0xc7
        sd t6, 0(t5)
        li t6, 11
        sd t6, 0(t4)
        li t2, 0x9000
        add t4, t1, t2
        li t6, 22
        sd t6, 0(t4)
        srli t3, t3, 12
        li t6, 8 << 60
        or t3, t3, t6
        csrw satp, t3
        sfence.vma
        ld t0, 0(zero)
        ecall
        # now on the other hart
        li t2, 0x9000
        li t1, 0x6000
        ld t0, 0(zero)
        srli t6, t4, 2
        ori t6, t6, 0xc7
        sd t6, 0(t5)
        sfence.vma
        ld t0, 0(zero)
        ecall
        ld t0, 0(zero)
        ecall
      guest_end:
        `,
      ),
    ),
  ]);
  t.deepEqual(resultsOf(console), [11n, 22n, 22n]);
});
