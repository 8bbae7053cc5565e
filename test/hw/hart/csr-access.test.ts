import test from 'ava';
import type { DvProfile, Mode } from '../../../hw/isa/index.ts';
import { CsrBench } from './csr-bench.ts';

// What is expected here is written from the manuals' lists and sentences, not from the rows under test.

type Range = readonly [first: number, last: number];

const one = (address: number): Range => [address, address];

const standard: readonly Range[] = [
  [0x100, 0x100],
  [0x104, 0x106],
  [0x10a, 0x10a],
  [0x140, 0x144],
  [0x180, 0x180],
  [0x200, 0x200],
  [0x204, 0x205],
  [0x240, 0x244],
  [0x280, 0x280],
  [0x300, 0x306],
  [0x30a, 0x30a],
  [0x320, 0x320],
  [0x323, 0x33f],
  [0x340, 0x344],
  [0x34a, 0x34b],
  [0x3a0, 0x3a0],
  [0x3a2, 0x3a2],
  [0x3b0, 0x3bf],
  [0x600, 0x600],
  [0x602, 0x604],
  [0x606, 0x607],
  [0x60a, 0x60a],
  [0x643, 0x645],
  [0x64a, 0x64a],
  [0x680, 0x680],
  [0xb00, 0xb00],
  [0xb02, 0xb1f],
  [0xc00, 0xc1f],
  [0xe12, 0xe12],
  [0xf11, 0xf15],
];
const htimedelta = one(0x605);
const handler: readonly Range[] = [
  one(0x005),
  [0x040, 0x043],
  one(0x800),
  [0x804, 0x806],
  [0x843, 0x845],
  one(0x880),
];
const hutinst = one(0x84a);
const guestState: readonly Range[] = [one(0x400), [0x404, 0x405], [0x440, 0x444], one(0x480)];
const vtimer: readonly Range[] = [[0x401, 0x402]];
const delegation: readonly Range[] = [[0x102, 0x103]];
const vmid = one(0x6c0);
const posting: readonly Range[] = [[0x8c0, 0x8c1]];
const forkPosting: readonly Range[] = [[0x482, 0x486]];
const rtlViews: readonly Range[] = [one(0x000), one(0x004), one(0x044)];
const everyDv = [
  ...handler,
  ...guestState,
  ...vtimer,
  ...delegation,
  ...rtlViews,
  ...posting,
  ...forkPosting,
  hutinst,
  vmid,
];

const implemented: Readonly<Record<DvProfile, readonly Range[]>> = {
  none: [...standard, htimedelta],
  paper: [
    ...standard,
    htimedelta,
    ...handler,
    hutinst,
    ...guestState,
    ...vtimer,
    ...delegation,
    ...posting,
    vmid,
  ],
  rtl: [...standard, ...handler, ...guestState, ...delegation, ...rtlViews],
  qemu: [
    ...standard,
    htimedelta,
    ...handler,
    hutinst,
    ...guestState,
    ...vtimer,
    ...delegation,
    ...forkPosting,
  ],
};

/** The bits of other CSRs that an access depends on. */
interface Enables {
  readonly hu: boolean;
  readonly tvm: boolean;
  readonly vtvm: boolean;
  readonly mcounteren: number;
  readonly hcounteren: number;
  readonly scounteren: number;
}

type Outcome = 'allowed' | 'illegal' | 'virtual';

const within = (ranges: readonly Range[], address: number): boolean =>
  ranges.some(([first, last]) => address >= first && address <= last);

function counterOutcome(bit: number, mode: Mode, enables: Enables): Outcome {
  const isOn = (register: number): boolean => ((register >>> bit) & 1) === 1;
  if (mode === 'M') return 'allowed';
  if (!isOn(enables.mcounteren)) return 'illegal';
  if (mode === 'VS') return isOn(enables.hcounteren) ? 'allowed' : 'virtual';
  if (mode === 'VU') {
    return isOn(enables.hcounteren) && isOn(enables.scounteren) ? 'allowed' : 'virtual';
  }
  return mode === 'U' && !isOn(enables.scounteren) ? 'illegal' : 'allowed';
}

function handlerOutcome(profile: DvProfile, mode: Mode, { hu }: Enables): Outcome {
  if (profile === 'rtl' || mode === 'M' || mode === 'HS') return 'allowed';
  if (mode !== 'U') return 'virtual';
  return hu ? 'allowed' : 'illegal';
}

function expected(
  profile: DvProfile,
  address: number,
  mode: Mode,
  writes: boolean,
  enables: Enables,
): Outcome {
  const isGuest = mode === 'VS' || mode === 'VU';
  if (!within(implemented[profile], address)) {
    return profile === 'none' && isGuest && within(everyDv, address) ? 'virtual' : 'illegal';
  }
  if (writes && address >= 0xc00) return 'illegal';
  if (within([[0xc00, 0xc1f]], address)) {
    if (address === 0xc01 && profile === 'rtl') return 'allowed';
    // The QEMU fork asks hucounteren, which these tests set to what `hcounteren` is elsewhere.
    return counterOutcome(address & 31, mode, enables);
  }
  if (within([...vtimer, ...forkPosting], address) && profile === 'qemu') {
    return counterOutcome(address & 31, mode, enables);
  }
  if (within(guestState, address)) {
    return profile === 'qemu' ? 'allowed' : handlerOutcome(profile, mode, enables);
  }
  if (within([...handler, hutinst, ...vtimer, ...rtlViews], address)) {
    const isRootWrite = address === 0x880 && writes && profile === 'paper' && mode === 'U';
    return isRootWrite ? 'illegal' : handlerOutcome(profile, mode, enables);
  }
  if (within(posting, address)) {
    if (mode === 'VS') return enables.hu ? 'allowed' : 'virtual';
    return handlerOutcome(profile, mode, enables);
  }
  if (within(delegation, address) && mode === 'VS') {
    return profile === 'paper' ? 'virtual' : 'allowed';
  }
  switch ((address >> 8) & 3) {
    case 0:
      return 'allowed';
    case 1:
      if (mode === 'U') return 'illegal';
      if (mode === 'VU') return 'virtual';
      if (address === 0x180 && mode === 'HS' && enables.tvm) return 'illegal';
      return address === 0x180 && mode === 'VS' && enables.vtvm ? 'virtual' : 'allowed';
    case 2:
      if (mode === 'U') return 'illegal';
      if (isGuest) return 'virtual';
      return address === 0x680 && mode === 'HS' && enables.tvm ? 'illegal' : 'allowed';
    default:
      return mode === 'M' ? 'allowed' : 'illegal';
  }
}

const settings: Readonly<Record<string, Enables>> = {
  'nothing enabled': {
    hu: false,
    tvm: false,
    vtvm: false,
    mcounteren: 0,
    hcounteren: 0,
    scounteren: 0,
  },
  'everything enabled and trapped': {
    hu: true,
    tvm: true,
    vtvm: true,
    mcounteren: 0xffff_ffff,
    hcounteren: 0xffff_ffff,
    scounteren: 0xffff_ffff,
  },
  'counters enabled here and there': {
    hu: true,
    tvm: false,
    vtvm: false,
    mcounteren: 0x5a5a_5a5a,
    hcounteren: 0x3333_ccc7,
    scounteren: 0x0ff0_f00f,
  },
};

/** The QEMU fork asks the registers of HU, so that those of HS can say the opposite. */
function confineGuests(bench: CsrBench, profile: DvProfile, enables: Enables): void {
  const isFork = profile === 'qemu';
  bench.setFields({ 'hstatus.vtvm': BigInt(enables.vtvm !== isFork) });
  bench.write({ hcounteren: BigInt(isFork ? ~enables.hcounteren : enables.hcounteren) });
  if (!isFork) return;
  bench.setFields({ 'hustatus.vtvm': BigInt(enables.vtvm) });
  bench.write({ hucounteren: BigInt(enables.hcounteren) });
}

const everyAddress = test.macro<[profile: DvProfile, enables: Enables]>((t, profile, enables) => {
  const bench = new CsrBench({ profile });
  bench.setFields({ 'mstatus.tvm': BigInt(enables.tvm), 'hstatus.hu': BigInt(enables.hu) });
  bench.write({
    mcounteren: BigInt(enables.mcounteren),
    scounteren: BigInt(enables.scounteren),
  });
  confineGuests(bench, profile, enables);
  const wrong: string[] = [];
  for (const mode of ['M', 'HS', 'U', 'VS', 'VU'] as const) {
    bench.mode = mode;
    const before = bench.snapshot();
    for (let address = 0; address < 4096; address++) {
      for (const write of ['none', 'write', 'set', 'clear'] as const) {
        const outcome = expected(profile, address, mode, write !== 'none', enables);
        const result = bench.access(address, write, 0x5555_5555_5555_5555n);
        if (write !== 'none' && outcome === 'allowed') bench.restore(before);
        const got =
          typeof result === 'bigint' ? 'allowed' : result.cause === 22 ? 'virtual' : 'illegal';
        if (got !== outcome) {
          wrong.push(`${mode} ${write} 0x${address.toString(16)}: ${got}, not ${outcome}`);
        }
      }
    }
  }
  t.deepEqual(wrong.slice(0, 20), []);
});

for (const profile of ['none', 'paper', 'rtl', 'qemu'] as const) {
  for (const [name, enables] of Object.entries(settings)) {
    test(
      `each of the 4096 addresses is refused or allowed as specified (${profile}, ${name})`,
      everyAddress,
      profile,
      enables,
    );
  }
}

test('a refused access reports the instruction and changes nothing', (t) => {
  const bench = new CsrBench();
  bench.mode = 'VS';
  const before = bench.snapshot();
  t.deepEqual(bench.access(0x600, 'write', ~0n), { cause: 22, tval: 0x1234_5073n });
  t.deepEqual(bench.access(0x300, 'write', ~0n), { cause: 2, tval: 0x1234_5073n });
  t.deepEqual(bench.snapshot(), before);
});

test('an access with V=1 reaches the virtual supervisor CSR behind a supervisor address', (t) => {
  const bench = new CsrBench();
  const pairs: readonly (readonly [number, string, string])[] = [
    [0x105, 'stvec', 'vstvec'],
    [0x140, 'sscratch', 'vsscratch'],
    [0x141, 'sepc', 'vsepc'],
    [0x143, 'stval', 'vstval'],
    [0x180, 'satp', 'vsatp'],
  ];
  bench.mode = 'VS';
  for (const [address, host, guest] of pairs) {
    const old = bench.read(host);
    bench.access(address, 'write', 0x8000_0000_0000_1234n);
    t.is(bench.read(host), old, host);
    t.is(bench.read(guest), 0x8000_0000_0000_1234n, guest);
  }
  bench.access(0x106, 'write', 7n);
  t.is(bench.read('scounteren'), 7n, 'scounteren has no counterpart');
});

test('a CSR write empties the pipeline unless it writes a trap scratch register', (t) => {
  const bench = new CsrBench();
  const flushes = (address: number, write: 'none' | 'write'): boolean => {
    bench.access(address, write);
    return bench.csrs.flushes;
  };
  t.false(flushes(0x340, 'write'));
  t.false(flushes(0x041, 'write'));
  t.false(flushes(0x143, 'write'));
  t.true(flushes(0x344, 'write'));
  t.true(flushes(0x440, 'write'));
  t.true(flushes(0x843, 'write'));
  t.false(flushes(0x300, 'none'));
});

test('a hart without the H extension has no hypervisor CSRs, and nothing of DV-Ext', (t) => {
  const bench = new CsrBench({ profile: 'none', features: { extensions: 'imasu' } });
  for (const address of [0x200, 0x600, 0x680, 0xe12, 0x34a, 0x34b, 0x800]) {
    t.deepEqual(bench.access(address), { cause: 2, tval: 0x1234_5073n });
  }
  bench.write({ mstatus: ~0n, mideleg: ~0n, mie: ~0n });
  t.is(bench.field('mstatus.mpv'), 0n);
  t.is(bench.read('mideleg'), 0x222n);
  t.is(bench.read('mie'), 0xaaan);
});
