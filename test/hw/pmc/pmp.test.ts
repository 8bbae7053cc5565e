import test from 'ava';
import fc from 'fast-check';
import { type Accessor, Pmp, paperPmc, plainPmp, type PmcOptions } from '../../../hw/pmc/index.ts';

const READ = 1;
const WRITE = 2;
const EXECUTE = 4;
const V = 0x20;
const LOCKED = 0x80;
const TOR = 1 << 3;
const NA4 = 2 << 3;
const NAPOT = 3 << 3;
const ALL = 7;

const supervisor: Accessor = { machine: false, virtual: false };
const machine: Accessor = { machine: true, virtual: false };
const guest: Accessor = { machine: false, virtual: true };

function programmed(
  entries: readonly (readonly [config: number, address: bigint])[],
  options: Partial<PmcOptions> = {},
): Pmp {
  const pmp = new Pmp({ ...plainPmp, ...options });
  pmp.program(
    entries.map(([config]) => config),
    entries.map(([, address]) => address),
  );
  return pmp;
}

test('without a matching entry M may do anything and S nothing', (t) => {
  const pmp = programmed([]);
  t.is(pmp.permissions(0x1000, 8, machine), ALL);
  t.is(pmp.permissions(0x1000, 8, supervisor), 0);
});

test('a hart without entries protects nothing', (t) => {
  t.is(programmed([], { entries: 0 }).permissions(0x1000, 8, supervisor), ALL);
});

test('NA4 covers four bytes, NAPOT a power of two, TOR up to its address', (t) => {
  const na4 = programmed([[NA4 | READ, 0x400n]]);
  t.is(na4.permissions(0x1000, 4, supervisor), READ);
  t.is(na4.permissions(0x1004, 4, supervisor), 0);
  const napot = programmed([[NAPOT | READ, (0x1000n >> 2n) | 0x1n]]);
  t.is(napot.permissions(0x1008, 8, supervisor), READ);
  t.is(napot.permissions(0x1010, 1, supervisor), 0);
  const tor = programmed([
    [0, 0x400n],
    [TOR | READ, 0x500n],
  ]);
  t.is(tor.permissions(0xfff, 1, supervisor), 0);
  t.is(tor.permissions(0x1000, 8, supervisor), READ);
  t.is(tor.permissions(0x13ff, 1, supervisor), READ);
  t.is(tor.permissions(0x1400, 1, supervisor), 0);
});

test('an all-ones NAPOT address covers everything', (t) => {
  const pmp = programmed([[NAPOT | ALL, (1n << 54n) - 1n]]);
  t.is(pmp.permissions(0, 8, supervisor), ALL);
  t.is(pmp.permissions(Number.MAX_SAFE_INTEGER - 7, 8, supervisor), ALL);
});

test('an access that an entry covers in part fails, even in M', (t) => {
  const pmp = programmed([
    [NA4 | ALL, 0x400n],
    [NAPOT | ALL, (1n << 54n) - 1n],
  ]);
  t.is(pmp.permissions(0x1000, 8, supervisor), 0);
  t.is(pmp.permissions(0x1000, 8, machine), 0);
});

test('only a locked entry binds M', (t) => {
  t.is(programmed([[NA4 | READ, 0x400n]]).permissions(0x1000, 4, machine), ALL);
  t.is(programmed([[NA4 | READ | LOCKED, 0x400n]]).permissions(0x1000, 4, machine), READ);
});

test('write without read, which is reserved, allows no write', (t) => {
  const pmp = programmed([[NA4 | WRITE | EXECUTE, 0x400n]]);
  t.is(pmp.permissions(0x1000, 4, supervisor), EXECUTE);
});

test('bounds are rounded to the granularity', (t) => {
  const pmp = programmed(
    [
      [0, 0x1234n >> 2n],
      [TOR | READ, 0x3ffcn >> 2n],
      [NAPOT | ALL, 0x8000n >> 2n],
    ],
    { granularity: 4096 },
  );
  t.is(pmp.permissions(0x1000, 8, supervisor), READ);
  t.is(pmp.permissions(0x2ff8, 8, supervisor), READ);
  t.is(pmp.permissions(0x3000, 8, supervisor), 0);
  t.is(pmp.permissions(0x8ff8, 8, supervisor), ALL);
  t.is(pmp.permissions(0x9000, 8, supervisor), 0);
});

test('a guest needs a V entry that allows the access, and plain entries that do', (t) => {
  const everything = [NAPOT | ALL, (1n << 54n) - 1n] as const;
  const granted = [NAPOT | READ | WRITE | V, (0x10000n >> 2n) | 0x1ffn] as const;
  const pmp = programmed([granted, everything], paperPmc);
  t.is(pmp.permissions(0x10000, 8, guest), READ | WRITE);
  t.is(pmp.permissions(0x11000, 8, guest), 0);
  t.is(pmp.permissions(0x10000, 8, supervisor), ALL);
  t.is(pmp.permissions(0x10ffc, 8, guest), 0, 'half of it is outside');
  const denied = programmed([[NAPOT, (0x10000n >> 2n) | 0x1ffn], granted, everything], paperPmc);
  t.is(denied.permissions(0x10000, 8, guest), 0, 'a plain entry protects the firmware');
  t.is(programmed([everything], paperPmc).permissions(0x10000, 8, guest), 0);
});

test('with guestAccess unchecked a guest reaches what no V entry grants', (t) => {
  const everything = [NAPOT | ALL, (1n << 54n) - 1n] as const;
  const pmp = programmed([everything], { ...paperPmc, guestAccess: 'unchecked' });
  t.is(pmp.permissions(0x10000, 8, guest), ALL);
  t.is(pmp.pagePermissions(0x10, guest), ALL);
});

test('with hostAccess match there is one list: the first matching entry must be V for a guest', (t) => {
  const options = { ...paperPmc, hostAccess: 'match' } as const;
  const everything = [NAPOT | ALL | V, (1n << 54n) - 1n] as const;
  const firmware = [NAPOT, (0x10000n >> 2n) | 0x1ffn] as const;
  const pmp = programmed([firmware, everything], options);
  t.is(pmp.permissions(0x10000, 8, guest), 0);
  t.is(pmp.permissions(0x20000, 8, guest), ALL);
  t.is(pmp.permissions(0x20000, 8, supervisor), ALL);
});

test('programming changes the generation, so that cached answers are dropped', (t) => {
  const pmp = programmed([]);
  const before = pmp.generation;
  pmp.program([], []);
  t.not(pmp.generation, before);
});

// A matcher of its own: byte by byte, from the manual's definition of the ranges.
function covers(
  entry: { readonly config: number; readonly address: bigint },
  below: bigint,
  byte: bigint,
): boolean {
  const matching = (entry.config >> 3) & 3;
  if (matching === 0) return false;
  if (matching === 1) return byte >= below << 2n && byte < entry.address << 2n;
  if (matching === 2) return byte >> 2n === entry.address;
  let ones = 0n;
  while ((entry.address >> ones) & 1n) ones += 1n;
  const shift = ones + 3n;
  return byte >> shift === (entry.address << 2n) >> shift;
}

function expected(
  entries: readonly { readonly config: number; readonly address: bigint }[],
  address: number,
  bytes: number,
  isMachine: boolean,
): number {
  for (const [index, entry] of entries.entries()) {
    const below = entries[index - 1]?.address ?? 0n;
    const hits = Array.from({ length: bytes }, (_, offset) =>
      covers(entry, below, BigInt(address + offset)),
    );
    if (!hits.includes(true)) continue;
    if (hits.includes(false)) return 0;
    if (isMachine && (entry.config & LOCKED) === 0) return ALL;
    const isReserved = (entry.config & (READ | WRITE)) === WRITE;
    return entry.config & (isReserved ? EXECUTE : ALL);
  }
  return isMachine ? ALL : 0;
}

test('matching agrees with the definition of the ranges, byte by byte', (t) => {
  const entry = fc.record({
    config: fc.integer({ min: 0, max: 255 }).map((config) => config & ~V),
    address: fc.bigInt({ min: 0n, max: 40n }),
  });
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 6 }),
      fc.integer({ min: 0, max: 180 }),
      fc.constantFrom(1, 2, 4, 8),
      fc.boolean(),
      (entries, address, bytes, isMachine) => {
        const pmp = programmed(entries.map(({ config, address: at }) => [config, at] as const));
        const accessor = { machine: isMachine, virtual: false };
        t.is(
          pmp.permissions(address, bytes, accessor),
          expected(entries, address, bytes, isMachine),
        );
      },
    ),
    { numRuns: 3000 },
  );
  t.pass();
});

test('the answer for a page, where there is one, is that of each access in it', (t) => {
  const entry = fc.record({
    config: fc.integer({ min: 0, max: 255 }),
    address: fc.oneof(
      fc.bigInt({ min: 0n, max: 8n }).map((page) => page * 1024n),
      fc.bigInt({ min: 0n, max: 8192n }),
    ),
  });
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 6 }),
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: 0, max: 511 }),
      fc.constantFrom(supervisor, machine, guest),
      (entries, page, doubleword, accessor) => {
        const list = entries.map(({ config, address }) => [config, address] as const);
        const pmp = programmed(list, { ...paperPmc, granularity: 4 });
        const whole = pmp.pagePermissions(page, accessor);
        const single = pmp.permissions(page * 4096 + doubleword * 8, 8, accessor);
        if (whole !== undefined) t.is(single, whole);
      },
    ),
    { numRuns: 3000 },
  );
  t.pass();
});
