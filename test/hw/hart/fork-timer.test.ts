import test from 'ava';
import { restoreCheckpoint, saveCheckpoint } from '../../../platforms/index.ts';
import { finish } from '../../checkpoint/outcome.ts';
import { engineNames } from '../../harness/engines.ts';
import { bootProgram, runProgram } from '../../platforms/machine.ts';

// duvisor 5.5: vtimecmp is at 0x1_0000 + 8h, vtimectl at 0x1_0800 + 4h, and both are CSRs of hart h.

const COMPARE = 0x0201_0000;
const CONTROL = 0x0201_0800;
/** Enabled, to raise UTIP. */
const ENABLE_UTIP = (4 << 1) | 1;

/** vtimecmp after reset. */
const NEVER = (1n << 64n) - 1n;

/** What both harts run in M, each its own part; hart 0 ends the run. */
function program(first: string, second = 'j park'): string {
  return `
    la t0, handler
    csrw mtvec, t0
    li s0, ${String(COMPARE)}
    li s1, ${String(CONTROL)}
    csrr t0, mhartid
    bnez t0, second
    ${first}
  pass:
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
  park:
    j park
  second:
    ${second}
    j park
  .balign 4
  handler:
    csrr a0, mcause
    csrr a1, time
    csrci mie, 16
    mret
  `;
}

/** x18 to x27 of hart 0 behind the run, whatever the engine. */
function results(first: string, second?: string, overlay = ''): readonly bigint[] {
  const [found, ...others] = engineNames.map((engine) => {
    const text = program(first, second);
    const { machine } = runProgram(text, 'fork-2hart', `engine: ${engine}\n${overlay}`);
    return [...(machine.harts[0]?.state.x.slice(18, 28) ?? [])];
  });
  if (found === undefined || others.some((other) => String(other) !== String(found))) {
    throw new Error('engines differ');
  }
  return found;
}

test('the guest timer is the same register as a CSR and in the interruptor’s memory', (t) => {
  const found = results(`
    li t0, 0x123456789abcdef0
    csrw vtimecmp, t0
    ld s2, 0(s0)
    lw s3, 4(s0)
    li t0, 0x11
    sw t0, 4(s0)
    csrr s4, vtimecmp
    li t0, 77
    sd t0, 0(s0)
    csrr s5, vtimecmp
    li t0, -1
    sw t0, 0(s1)
    csrr s6, vtimectl
    csrwi vtimectl, 6
    lw s7, 0(s1)
  `);
  t.deepEqual(found.slice(0, 6), [
    0x1234_5678_9abc_def0n,
    0x1234_5678n,
    0x0000_0011_9abc_def0n,
    77n,
    0x7fn,
    6n,
  ]);
});

test('each hart has its own, 8 and 4 bytes behind those of the one before', (t) => {
  const found = results(
    `
    wait:
      lw t0, 4(s1)
      beqz t0, wait
      ld s2, 8(s0)
      lw s3, 4(s1)
      ld s4, 0(s0)
      lw s5, 0(s1)
    `,
    'li t0, 44\ncsrw vtimecmp, t0\ncsrwi vtimectl, 10',
  );
  t.deepEqual(found.slice(0, 4), [44n, 10n, NEVER, 0n]);
});

test('there is nothing behind the last hart', (t) => {
  t.deepEqual(results('li t0, 5\nsd t0, 16(s0)\nsw t0, 8(s1)\nld s2, 16(s0)\nlw s3, 8(s1)')[0], 0n);
});

const sleep = `
  li t0, 16
  csrw mie, t0
  csrsi mstatus, 8
  sleeping:
  wfi
  la t0, woken
  sd a1, 0(t0)
`;

for (const [who, first, second] of [
  ['the hart itself', `${sleep}\nld s2, 0(t0)\nmv s3, a0`, undefined],
  ['another hart', `watch:\nla t0, woken\nld s2, 0(t0)\nbeqz s2, watch\nli s3, -1`, sleep],
] as const) {
  for (const quantum of ['exact', '1000']) {
    test(`written through memory by ${who}, it is armed and ends a wait (quantum ${quantum})`, (t) => {
      const offset = second === undefined ? 0 : 1;
      const arm = `
        li t0, ${String(ENABLE_UTIP)}
        sw t0, ${String(4 * offset)}(s1)
        li t0, 300
        sd t0, ${String(8 * offset)}(s0)
      `;
      const text = `${program(arm + first, second)}\n.balign 8\nwoken: .dword 0`;
      for (const engine of engineNames) {
        const overlay = `quantum: ${quantum}\nengine: ${engine}`;
        const { machine } = runProgram(text, 'fork-2hart', overlay);
        const woken = machine.harts[offset];
        t.is(woken?.state.x[10], (1n << 63n) | 4n, 'user timer interrupt');
        t.is(machine.harts[0]?.state.x[18], 300n);
      }
    });
  }
}

test('what is in memory is enabled without being armed, as the CSRs are', (t) => {
  const found = results(`
    li t0, 20
    sd t0, 0(s0)
    li t0, ${String(ENABLE_UTIP)}
    sw t0, 0(s1)
    1:
    csrr t1, time
    li t2, 50
    blt t1, t2, 1b
    csrr s2, mip
    sd t0, 0(s0)
    sd zero, 0(s0)
    csrr s3, mip
  `);
  t.deepEqual(found.slice(0, 2), [0n, 0x10n]);
});

test('a hart without these registers reads zero there and ignores what is written', (t) => {
  const found = results(
    'li t0, 5\nsd t0, 0(s0)\nsw t0, 0(s1)\nld s2, 0(s0)\nlw s3, 0(s1)',
    undefined,
    'harts: { dvExt: { profile: none } }',
  );
  t.deepEqual(found.slice(0, 2), [0n, 0n]);
});

test('mtime counts at 10 MHz, here once in ten cycles', (t) => {
  const until = (time: number): string =>
    `li t1, ${String(time)}\n1: csrr t0, time\nblt t0, t1, 1b`;
  const [first = 0n, second = 0n] = results(`
    ${until(20)}
    csrr s2, mcycle
    ${until(120)}
    csrr s3, mcycle
  `);
  t.true(second - first > 980n && second - first < 1020n);
});

test('an armed timer goes on behind a checkpoint', (t) => {
  const text = program(`
    csrwi vtimectl, ${String(ENABLE_UTIP)}
    li t0, 300
    csrw vtimecmp, t0
    li t0, 99
    csrw hutimedelta, t0
    ${sleep.replace('la t0, woken\n  sd a1, 0(t0)', 'mv s2, a1')}
  `);
  const boot = (engine: string) => bootProgram(text, 'fork-2hart', `engine: ${engine}`).machine;
  const outcome = finish(boot('oracle'));
  t.is(outcome.end.kind, 'verdict');
  for (const engine of engineNames) {
    const machine = boot(engine);
    // Behind the writes, and before mtime is 300.
    machine.runTo(1_000);
    t.true(machine.harts[0]?.isWaiting);
    const other = boot(engine);
    restoreCheckpoint(other, { name: 'cut', bytes: saveCheckpoint(machine) });
    t.deepEqual(finish(other), outcome, engine);
    t.is(other.harts[0]?.state.x[18], 300n);
  }
});
