import test from 'ava';
import type { KnobName } from '../../../hw/dv-ext/index.ts';
import type { Mode } from '../../../hw/isa/index.ts';
import { CsrBench, csrNamed, exception } from './csr-bench.ts';

/** Checks what one knob does at each of its values, everything else as in the paper profile. */
const atEachValue = test.macro<
  [knob: KnobName, probe: (bench: CsrBench) => unknown, expected: Readonly<Record<string, unknown>>]
>((t, knob, probe, expected) => {
  for (const [value, answer] of Object.entries(expected)) {
    const setting = Number.isNaN(Number(value)) ? value : Number(value);
    t.deepEqual(probe(new CsrBench({ knobs: { [knob]: setting } })), answer, `${knob}: ${value}`);
  }
});

function reaches(bench: CsrBench, address: number): readonly Mode[] {
  return (['HS', 'U', 'VS', 'VU'] as const).filter((mode) => {
    bench.mode = mode;
    return typeof bench.access(address) === 'bigint';
  });
}

function targets(bench: CsrBench): readonly string[] {
  bench.write({ medeleg: ~0n, sedeleg: ~0n });
  bench.setFields({ 'hstatus.hu': 1n });
  const start = bench.snapshot();
  return (['HS', 'U', 'VS', 'VU'] as const).map((mode) => {
    bench.restore(start);
    bench.mode = mode;
    return bench.traps.enter(exception(21)).to;
  });
}

function afterOnes(name: string): (bench: CsrBench) => bigint {
  return (bench) => {
    bench.write({ [name]: ~0n });
    return bench.read(name);
  };
}

const exists =
  (name: string) =>
  (bench: CsrBench): boolean =>
    bench.csrs.has(csrNamed(name));

test('who reaches the exit registers', atEachValue, 'access', (bench) => reaches(bench, 0x041), {
  enabled: ['HS'],
  predicates: ['HS'],
  open: ['HS', 'U', 'VS', 'VU'],
});

test('who reaches the guest’s registers', atEachValue, 'access', (bench) => reaches(bench, 0x480), {
  enabled: ['HS'],
  predicates: ['HS', 'U', 'VS', 'VU'],
  open: ['HS', 'U', 'VS', 'VU'],
});

test('who reaches exit delegation', atEachValue, 'access', (bench) => reaches(bench, 0x102), {
  enabled: ['HS'],
  predicates: ['HS', 'VS'],
  open: ['HS', 'VS'],
});

test('from where a delegated exception goes to HU', atEachValue, 'exits', targets, {
  'enabled-guest': ['HS', 'HS', 'HU', 'HU'],
  'guest-or-user': ['HS', 'HU', 'HU', 'HU'],
  any: ['HU', 'HU', 'HU', 'HU'],
});

test('exceptions that sedeleg holds', atEachValue, 'sedeleg', afterOnes('sedeleg'), {
  exits: 0xf0_0400n,
  'exits-and-misaligned': 0xf0_0450n,
  any: (1n << 64n) - 1n,
});

test('exceptions that medeleg holds', atEachValue, 'medeleg', afterOnes('medeleg'), {
  all: 0x1f0_b7ffn,
  'without-access-faults': 0xf0_b55dn,
});

test('what hutinst is', atEachValue, 'hutinst', afterOnes('hutinst'), {
  register: (1n << 64n) - 1n,
  zero: 0n,
});

test('whether hutinst exists', atEachValue, 'hutinst', exists('hutinst'), {
  register: true,
  zero: true,
  absent: false,
});

test('whether ustatus, uie and uip exist', atEachValue, 'userViews', exists('uip'), {
  present: true,
  absent: false,
});

test('whether h_vmid exists', atEachValue, 'vmid', exists('h_vmid'), {
  register: true,
  absent: false,
});

test('bits of h_vmid', atEachValue, 'vmidBits', afterOnes('h_vmid'), {
  0: 0n,
  7: 0x7fn,
  14: 0x3fffn,
});

test('whether htimedelta exists', atEachValue, 'guestTime', exists('htimedelta'), {
  delta: true,
  raw: false,
});

test('where the guest timer is', atEachValue, 'vtimer.registers', exists('vtimecmp'), {
  csr: true,
  clint: false,
});

test('what vtimectl holds', atEachValue, 'vtimer.control', afterOnes('vtimectl'), {
  enable: 1n,
  'enable-and-number': 0x7fn,
});

test('alignment of a vectored base', atEachValue, 'vectorAlignment', vectoredBase, {
  4: 0x1_2345n,
  256: 0x1_2301n,
});

function vectoredBase(bench: CsrBench): bigint {
  bench.write({ utvec: 0x1_2345n });
  return bench.read('utvec');
}

test('whether hu_vitr exists', atEachValue, 'posting.interface', exists('hu_vitr'), {
  vitr: true,
  instructions: false,
  csrs: false,
  none: false,
});

test('whether vipi0 is a CSR', atEachValue, 'posting.interface', exists('vipi0'), {
  vitr: false,
  instructions: false,
  csrs: true,
  none: false,
});

test('who posts', atEachValue, 'posting.writers', reachersOf(0x8c1), {
  'hu-and-vs': ['HS', 'U', 'VS'],
  hu: ['HS', 'U'],
});

test('who says which vCPU runs', atEachValue, 'posting.writers', reachersOf(0x8c0), {
  'hu-and-vs': ['HS', 'U', 'VS'],
  hu: ['HS', 'U', 'VS'],
});

function reachersOf(address: number): (bench: CsrBench) => readonly Mode[] {
  return (bench) => {
    bench.setFields({ 'hstatus.hu': 1n });
    return reaches(bench, address);
  };
}

test('who writes hugatp', atEachValue, 'hugatp', writersOfRoot, {
  'hs-only': ['HS'],
  hu: ['HS', 'U'],
});

function writersOfRoot(bench: CsrBench): readonly Mode[] {
  bench.setFields({ 'hstatus.hu': 1n });
  return (['HS', 'U', 'VS', 'VU'] as const).filter((mode) => {
    bench.mode = mode;
    return typeof bench.access(0x880, 'set', 4n) === 'bigint';
  });
}

test('which interrupt is taken first', atEachValue, 'interruptOrder', firstTaken, {
  'hu-before-vs': 'HU',
  'vs-before-hu': 'VS',
  'lowest-number': 'HU',
});

function firstTaken(bench: CsrBench): string {
  bench.write({ mie: ~0n, mideleg: ~0n, hideleg: ~0n, sideleg: ~0n, huip: 0x14n });
  bench.setFields({ 'hstatus.hu': 1n });
  bench.mode = 'VU';
  return bench.traps.enter(bench.nextInterrupt() ?? -1).to;
}
