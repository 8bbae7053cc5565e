import test from 'ava';
import type { DvOverrides } from '../../../hw/dv-ext/index.ts';
import { testMachine } from './machine.ts';

// duvisor 5.5: "enabling does not re-arm; only vtimecmp writes do; disabling clears"; compare: mtime + hutimedelta.

const CYCLES_PER_TICK = 100;
const END = 60;
const arming = ['level', 'write'] as const;

/** Waits in M until `mtime` is at least so much. */
const spinUntil = (time: number): string => `
  li t2, ${String(time)}
1:
  csrr t1, time
  blt t1, t2, 1b
`;

/** vtimectl that enables the timer to raise an interrupt. */
const enabled = (number: number): number => (number << 1) | 1;
const UTIP = 4;

/** Runs `steps` in M with UTIP enabled; a trap disables the timer, ends the interrupt and goes on. */
function machineWith(steps: string, vtimer: (typeof arming)[number], options: Options = {}) {
  const { ending = 'csrwi vtimectl, 0\ncsrci mip, 16', knobs = {}, ...others } = options;
  const machine = testMachine({
    profile: 'qemu',
    knobs: { 'vtimer.arming': vtimer, ...knobs },
    ...others,
  });
  machine.load(`
    la t0, handler
    csrw mtvec, t0
    li t0, 0x10
    csrw mie, t0
    csrsi mstatus, 8
    ${steps}
    ${spinUntil(END)}
  end:
    li t0, FINISHER
    sd t0, 0(t0)
    j end
  .balign 4
  handler:
    ${ending}
    mret
  `);
  return machine;
}

interface Options {
  /** What the handler does. */
  readonly ending?: string;
  readonly knobs?: DvOverrides;
  readonly inStages?: boolean;
}

/** The values of mtime at which UTIP interrupted. */
function interrupts(...program: Parameters<typeof machineWith>): readonly number[] {
  const machine = machineWith(...program);
  const times: number[] = [];
  machine.hart.onTrap = ({ cause, cycle, isInterrupt }) => {
    if (cause !== UTIP || !isInterrupt) throw new Error(`trap ${String(cause)}`);
    times.push(Math.floor(cycle / CYCLES_PER_TICK));
  };
  machine.run(100 * END * 2);
  return times;
}

const compare = (time: number): string => `li t0, ${String(time)}\ncsrw vtimecmp, t0`;
const control = (value: number): string => `li t0, ${String(value)}\ncsrw vtimectl, t0`;
const enable = control(enabled(UTIP));

const cases: Readonly<
  Record<string, readonly [steps: string, level: readonly number[], write: readonly number[]]>
> = {
  'vtimecmp written to an enabled timer arms it': [enable + '\n' + compare(20), [20], [20]],
  'enabling a timer whose vtimecmp was written before': [compare(20) + '\n' + enable, [20], []],
  'disabling and enabling it again before it expires': [
    [enable, compare(20), control(UTIP << 1), enable].join('\n'),
    [20],
    [],
  ],
  'writing vtimectl without disabling': [[enable, compare(20), enable].join('\n'), [20], [20]],
  'a time that has passed': [[spinUntil(25), enable, compare(20)].join('\n'), [25], [25]],
  'enabling a timer that has expired': [[compare(20), spinUntil(25), enable].join('\n'), [25], []],
  'a later time written before the first': [
    [enable, compare(20), compare(30)].join('\n'),
    [30],
    [30],
  ],
  'one expiry, and no other for the same write': [
    [enable, compare(20), spinUntil(25), enable].join('\n'),
    [20, 25],
    [20],
  ],
  'the guest’s time is ahead by hutimedelta': [
    ['csrwi hutimedelta, 5', enable, compare(20)].join('\n'),
    [15],
    [15],
  ],
  'hutimedelta written after vtimecmp': [
    [enable, compare(20), 'csrwi hutimedelta, 10'].join('\n'),
    [10],
    [20],
  ],
};

for (const [name, [steps, level, write]] of Object.entries(cases)) {
  test(`${name}: when the interrupt comes, by level and by write`, (t) => {
    t.deepEqual(interrupts(steps, 'level'), level);
    t.deepEqual(interrupts(steps, 'write'), write);
  });
}

test('armed by a write, the timer ends a wait at its tick', (t) => {
  t.deepEqual(interrupts([enable, compare(20), 'wfi'].join('\n'), 'write'), [20]);
});

test('a core in stages is interrupted at the same time', (t) => {
  const steps = [enable, compare(20)].join('\n');
  for (const value of arming) t.deepEqual(interrupts(steps, value, { inStages: true }), [20]);
});

/** What the low bits of mip are at some points, nothing being taken. */
function pendingAt(steps: string, value: (typeof arming)[number], knobs: DvOverrides = {}) {
  const { hart, run } = machineWith(`csrwi mie, 0\n${steps}`, value, { knobs });
  run(100 * END * 2);
  return [...hart.state.x.slice(18, 24)];
}

test('the interrupt stays pending behind the expiry until software or a later time ends it', (t) => {
  const steps = `
    ${enable}
    ${compare(10)}
    ${spinUntil(12)}
    csrr s2, mip
    csrwi vtimectl, 0
    csrr s3, mip
    ${enable}
    ${compare(20)}
    csrr s4, mip
    ${spinUntil(22)}
    csrr s5, mip
    csrci mip, 16
    csrr s6, mip
    ${compare(20)}
    csrr s7, mip
  `;
  t.deepEqual(pendingAt(steps, 'write'), [16n, 16n, 0n, 16n, 0n, 16n]);
  t.deepEqual(pendingAt(steps, 'level'), [16n, 0n, 0n, 16n, 16n, 16n]);
});

test('software ends it through huip as well, where sideleg delegates it', (t) => {
  const steps = `
    csrwi sideleg, 16
    ${enable}
    ${compare(10)}
    ${spinUntil(12)}
    csrr s2, mip
    csrci huip, 16
    csrr s3, mip
  `;
  t.deepEqual(pendingAt(steps, 'write').slice(0, 2), [16n, 0n]);
});

test('what is raised is the interrupt whose number vtimectl has at the expiry', (t) => {
  const pending = (number: number): bigint | undefined => {
    const steps = `${control(enabled(UTIP))}\n${compare(10)}\n${control(enabled(number))}
      ${spinUntil(12)}\ncsrr s2, mip`;
    return pendingAt(steps, 'write')[0];
  };
  for (const number of [0, 2, 4, 6, 7, 8, 10, 16]) t.is(pending(number), 1n << BigInt(number));
  for (const number of [13, 31, 32, 36, 63]) t.is(pending(number), 0n, 'no interrupt of the hart');
});

test('with expiry direct it is VSTIP, with an enable alone UTIP', (t) => {
  const steps = `${enable}\n${compare(10)}\n${spinUntil(12)}\ncsrr s2, mip`;
  t.is(pendingAt(steps, 'write', { 'vtimer.expiry': 'direct' })[0], 0x40n);
  t.is(pendingAt(steps, 'write', { 'vtimer.control': 'enable' })[0], 0x10n);
});
