import test from 'ava';
import fc from 'fast-check';
import type { DvProfile, Interrupt, Mode } from '../../../hw/isa/index.ts';
import { CsrBench } from './csr-bench.ts';

const lineNames = [
  'usip',
  'ssip',
  'vssip',
  'msip',
  'utip',
  'stip',
  'vstip',
  'mtip',
  'ueip',
  'seip',
  'vseip',
  'meip',
  'sgei',
] as const satisfies readonly (keyof typeof Interrupt)[];

const modes: readonly Mode[] = ['M', 'HS', 'U', 'VS', 'VU'];
const rank: Readonly<Record<Mode, number>> = { VU: 0, VS: 1, U: 2, HS: 3, M: 4 };

interface Situation {
  readonly mode: Mode;
  readonly pending: readonly number[];
  readonly enabled: readonly number[];
  readonly mideleg: readonly number[];
  readonly hideleg: readonly number[];
  readonly sideleg: readonly number[];
  readonly mie: boolean;
  readonly sie: boolean;
  readonly vsie: boolean;
  readonly uie: boolean;
  readonly hu: boolean;
}

/** Order of the manual for interrupts to one mode: external, software, timer; by level, the guest's external before VS. */
const manualOrder = [11, 3, 7, 9, 1, 5, 12, 10, 2, 6, 8, 0, 4];

/** One interrupt at a time: to which mode it goes and whether that mode can be interrupted now. */
function destination(number: number, s: Situation, profile: DvProfile): Mode | 'HU' | undefined {
  const isGuest = s.mode === 'VS' || s.mode === 'VU';
  const isVs = [2, 6, 10].includes(number);
  const toS = isVs || number === 12 || (s.mideleg.includes(number) && ![3, 7, 11].includes(number));
  if (!toS) return s.mode !== 'M' || s.mie ? 'M' : undefined;
  if (isVs && s.hideleg.includes(number)) {
    if (!isGuest) return undefined;
    return s.mode === 'VU' || s.vsie ? 'VS' : undefined;
  }
  if (profile !== 'none' && s.sideleg.includes(number) && [0, 4, 8].includes(number)) {
    if (profile === 'paper') return isGuest && s.hu ? 'HU' : undefined;
    return isGuest || (s.mode === 'U' && s.uie) ? 'HU' : undefined;
  }
  if (s.mode === 'HS') return s.sie ? 'HS' : undefined;
  return rank[s.mode] < rank.HS ? 'HS' : undefined;
}

function model(s: Situation, profile: DvProfile): number | undefined {
  const groups =
    profile === 'rtl' ? (['M', 'HS', 'VS', 'HU'] as const) : (['M', 'HS', 'HU', 'VS'] as const);
  const ready = s.pending.filter((number) => s.enabled.includes(number));
  for (const group of groups) {
    for (const number of manualOrder) {
      if (ready.includes(number) && destination(number, s, profile) === group) return number;
    }
  }
  return undefined;
}

const numbers = fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const mask = (members: readonly number[]): bigint =>
  members.reduce((sum, number) => sum | (1n << BigInt(number)), 0n);

function arrange(
  s: Situation,
  profile: DvProfile,
  bench = new CsrBench({ profile, features: { guestInterruptCount: 1 } }),
): CsrBench {
  bench.csrs.reset();
  bench.write({ mie: mask(s.enabled), mideleg: mask(s.mideleg), hideleg: mask(s.hideleg) });
  bench.setFields({
    'mstatus.mie': BigInt(s.mie),
    'mstatus.sie': BigInt(s.sie),
    'vsstatus.sie': BigInt(s.vsie),
    'hstatus.hu': BigInt(s.hu),
  });
  if (profile !== 'none') {
    bench.write({ sideleg: mask(s.sideleg) });
    bench.setFields({ 'hustatus.uie': BigInt(s.uie) });
  }
  lineNames.forEach((line, number) => bench.lines.set(line, s.pending.includes(number)));
  bench.mode = s.mode;
  return bench;
}

for (const profile of ['none', 'paper', 'rtl'] as const) {
  test(`the interrupt that is taken is the one that the rules name (${profile})`, (t) => {
    const hasUser = profile !== 'none';
    const kinds = hasUser
      ? numbers
      : numbers.map((all) => all.filter((n) => ![0, 4, 8].includes(n)));
    const situation = fc.record({
      mode: fc.constantFrom(...modes),
      pending: kinds,
      enabled: fc.oneof(kinds, fc.constant(lineNames.map((_, number) => number))),
      mideleg: numbers,
      hideleg: numbers,
      sideleg: numbers,
      mie: fc.boolean(),
      sie: fc.boolean(),
      vsie: fc.boolean(),
      uie: fc.boolean(),
      hu: fc.boolean(),
    });
    const bench = new CsrBench({ profile, features: { guestInterruptCount: 1 } });
    fc.assert(
      fc.property(situation, (s) => {
        arrange(s, profile, bench);
        t.is(bench.interrupts.next(s.mode), model(s, profile));
        const wakes = s.pending.some((number) => s.enabled.includes(number));
        t.is(bench.interrupts.endsWait, wakes, 'WFI');
      }),
      { numRuns: 1500, seed: 8 },
    );
  });
}

const everything: Situation = {
  mode: 'VS',
  pending: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  enabled: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  mideleg: [0, 1, 4, 5, 8, 9],
  hideleg: [2, 6, 10],
  sideleg: [0, 4, 8],
  mie: true,
  sie: true,
  vsie: true,
  uie: true,
  hu: true,
};

function orderOf(bench: CsrBench): readonly number[] {
  const order: number[] = [];
  for (;;) {
    const number = bench.interrupts.next('VS');
    if (number === undefined) return order;
    order.push(number);
    bench.lines.set(lineNames[number] ?? 'usip', false);
  }
}

test('interrupts are taken in the order M, HS, HU, VS; the prototypes differ', (t) => {
  t.deepEqual(orderOf(arrange(everything, 'paper')), [11, 3, 7, 9, 1, 5, 12, 8, 0, 4, 10, 2, 6]);
  t.deepEqual(orderOf(arrange(everything, 'rtl')), [11, 3, 7, 9, 1, 5, 12, 10, 2, 6, 8, 0, 4]);
  t.deepEqual(orderOf(arrange(everything, 'qemu')), [0, 1, 3, 4, 5, 7, 8, 9, 11, 12, 10, 2, 6]);
});

test('an interrupt delegated both to the guest and to HU is the guest’s, and waits for it', (t) => {
  const both = { ...everything, pending: [6], sideleg: [6], vsie: false };
  t.deepEqual(orderOf(arrange(both, 'qemu')), []);
  t.deepEqual(orderOf(arrange({ ...both, vsie: true }, 'qemu')), [6]);
});

test('VS-level interrupts that hideleg leaves behind are the host’s, SGEI before them', (t) => {
  const bench = arrange({ ...everything, hideleg: [], pending: [2, 6, 10, 12] }, 'paper');
  t.deepEqual(orderOf(bench), [12, 10, 2, 6]);
});

test('an expired guest timer is VSTIP, or an exit', (t) => {
  for (const [expiry, number, to] of [
    ['direct', 6, 'VS'],
    ['exit', 4, 'HU'],
  ] as const) {
    const bench = new CsrBench({ knobs: { vtimer: { expiry } } });
    bench.write({ mie: ~0n, mideleg: ~0n, hideleg: ~0n, sideleg: ~0n, htimedelta: 100n });
    bench.setFields({ 'hstatus.hu': 1n, 'vsstatus.sie': 1n });
    bench.write({ vtimecmp: 1000n, vtimectl: 1n });
    bench.mode = 'VS';
    bench.time = 899n;
    t.is(bench.interrupts.next('VS'), undefined);
    bench.time = 900n;
    t.is(bench.interrupts.next('VS'), number);
    t.is(bench.traps.enter(number).to, to);
    bench.write({ vtimectl: 0n });
    t.is(bench.read('mip'), 0n, 'a stopped timer raises nothing');
  }
});

test('with a direct timer the guest sets it itself while vtimectl lets it', (t) => {
  const bench = new CsrBench({ knobs: { vtimer: { set: 'direct' } } });
  bench.write({ mcounteren: ~0n, hcounteren: ~0n, vtimectl: 1n });
  bench.mode = 'VS';
  bench.access(0x14d, 'write', 5000n);
  t.is(bench.read('vtimecmp'), 5000n);
  bench.write({ vtimectl: 0n });
  t.like(bench.access(0x14d, 'write', 6000n), { cause: 22 });
  bench.mode = 'HS';
  t.like(bench.access(0x14d), { cause: 2 });
  const exiting = new CsrBench();
  exiting.mode = 'VS';
  t.like(exiting.access(0x14d, 'write', 5000n), { cause: 2 });
});
