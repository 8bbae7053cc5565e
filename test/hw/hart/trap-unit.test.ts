import test from 'ava';
import fc from 'fast-check';
import { csrs, csrSlots, privilegeOf } from '../../../hw/isa/index.ts';
import type { Mode } from '../../../hw/isa/index.ts';
import { CsrBench, exception } from './csr-bench.ts';

const INTERRUPT = 1n << 63n;
const word = fc.bigInt(0n, (1n << 64n) - 1n);
const modes: readonly Mode[] = ['M', 'HS', 'U', 'VS', 'VU'];

type Words = Record<string, bigint>;

/** Stored value of every CSR that has one, by name. */
function words(bench: CsrBench): Words {
  return Object.fromEntries([...csrSlots.keys()].map((csr) => [csr.name, bench.csrs.stored(csr)]));
}

function insert(value: bigint, low: number, width: number, field: bigint): bigint {
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(low);
  return (value & ~mask) | ((field << BigInt(low)) & mask);
}

const extract = (value: bigint, low: number): bigint => (value >> BigInt(low)) & 1n;

/** What a trap leaves in the CSRs, after the manual's chapters on trap entry; the paper's rules for HU. */
function afterTrap(
  before: Words,
  to: string,
  mode: Mode,
  pc: bigint,
  report: { cause: bigint; tval: bigint; gva: boolean; gpa: bigint; tinst: bigint },
): Words {
  const after = { ...before };
  const get = (name: string): bigint => before[name] ?? 0n;
  const prv = BigInt(privilegeOf(mode));
  const v = mode === 'VS' || mode === 'VU' ? 1n : 0n;
  const hasGuestAddress = [1n, 5n, 7n, 20n, 21n, 23n].includes(report.cause);
  const address = hasGuestAddress ? report.gpa / 4n : 0n;
  const gva = report.gva ? 1n : 0n;
  if (to === 'M') {
    let status = get('mstatus');
    status = insert(status, 7, 1, extract(status, 3));
    status = insert(status, 3, 1, 0n);
    status = insert(status, 11, 2, prv);
    status = insert(status, 38, 1, gva);
    after['mstatus'] = insert(status, 39, 1, v);
    Object.assign(after, { mepc: pc, mcause: report.cause, mtval: report.tval });
    Object.assign(after, { mtval2: address, mtinst: report.tinst });
  } else if (to === 'HS') {
    let status = get('mstatus');
    status = insert(status, 5, 1, extract(status, 1));
    status = insert(status, 1, 1, 0n);
    after['mstatus'] = insert(status, 8, 1, prv);
    let guest = get('hstatus');
    guest = insert(insert(guest, 6, 1, gva), 7, 1, v);
    after['hstatus'] = v === 1n ? insert(guest, 8, 1, prv) : guest;
    // hustatus shows some of hstatus, but none of the fields that a trap writes.
    Object.assign(after, { sepc: pc, scause: report.cause, stval: report.tval });
    Object.assign(after, { htval: address, htinst: report.tinst });
  } else if (to === 'HU') {
    let status = get('hustatus');
    status = insert(status, 4, 1, extract(status, 0));
    status = insert(status, 0, 1, 0n);
    status = insert(insert(status, 6, 1, gva), 7, 1, 1n);
    after['hustatus'] = insert(status, 8, 1, prv);
    Object.assign(after, { uepc: pc, ucause: report.cause, utval: report.tval });
    Object.assign(after, { hutval: address, hutinst: report.tinst });
  } else {
    let status = get('vsstatus');
    status = insert(status, 5, 1, extract(status, 1));
    status = insert(status, 1, 1, 0n);
    after['vsstatus'] = insert(status, 8, 1, prv);
    Object.assign(after, { vsepc: pc, vscause: report.cause, vstval: report.tval });
  }
  return after;
}

const trapVectors = { M: 'mtvec', HS: 'stvec', HU: 'utvec', VS: 'vstvec' } as const;

test('a trap writes the CSRs of its target, and no others', (t) => {
  const bench = new CsrBench({ knobs: { tinst: 'on' } });
  const causes = [0, 1, 2, 3, 5, 7, 8, 10, 12, 13, 15, 20, 21, 22, 23, 24];
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...[...csrSlots.keys()].map(({ name }) => name)), word, {
        minKeys: 10,
        maxKeys: 40,
      }),
      fc.record({ m: word, h: word, s: word, hu: fc.bigInt(0n, 1n) }),
      fc.constantFrom(...modes),
      fc.constantFrom(...causes),
      fc.record({ pc: word, tval: word, gpa: word, tinst: word, gva: fc.boolean() }),
      (start, delegation, mode, cause, { pc, ...report }) => {
        bench.csrs.reset();
        bench.mode = mode;
        bench.write(start);
        bench.write({ medeleg: delegation.m, hedeleg: delegation.h, sedeleg: delegation.s });
        bench.setFields({ 'hstatus.hu': delegation.hu });
        bench.state.pc = pc & ~3n;
        const before = words(bench);
        const { to } = bench.traps.enter({ cause, ...report });
        seen.add(to);
        const expected = afterTrap(before, to, mode, pc & ~3n, { ...report, cause: BigInt(cause) });
        t.deepEqual(words(bench), expected);
        t.is(bench.state.pc, (before[trapVectors[to]] ?? 0n) & ~3n);
      },
    ),
    { numRuns: 400, seed: 5 },
  );
  t.deepEqual([...seen].sort(), ['HS', 'HU', 'M', 'VS']);
});

test('an interrupt to a vectored base goes to base + 4 × cause, an exception to the base', (t) => {
  const cases = [
    ['M', 'mtvec', 'M', 7],
    ['HS', 'stvec', 'U', 5],
    ['HU', 'utvec', 'VS', 4],
    ['VS', 'vstvec', 'VU', 6],
  ] as const;
  for (const [to, vector, from, number] of cases) {
    const bench = new CsrBench();
    bench.write({ mideleg: 0x222n | 0x10n, hideleg: ~0n, sideleg: ~0n, [vector]: 0x8000_1001n });
    bench.setFields({ 'hstatus.hu': 1n });
    bench.mode = from;
    t.like(bench.traps.enter(number), { to, cause: number, isInterrupt: true, tval: 0n });
    const seenBy = to === 'VS' ? number - 1 : number;
    t.is(bench.state.pc, 0x8000_1000n + 4n * BigInt(seenBy), to);
  }
  const bench = new CsrBench();
  bench.write({ mtvec: 0x8000_1001n });
  bench.traps.enter(exception(2));
  t.is(bench.state.pc, 0x8000_1000n);
});

test('a guest sees VS-level interrupts under the numbers of the supervisor’s', (t) => {
  for (const [number, cause] of [
    [2, 1n],
    [6, 5n],
    [10, 9n],
  ] as const) {
    const bench = new CsrBench();
    bench.write({ hideleg: ~0n });
    bench.mode = 'VS';
    bench.traps.enter(number);
    t.is(bench.read('vscause'), INTERRUPT | cause);
    t.is(bench.mode, 'VS');
  }
});

test('a vectored guest interrupt is indexed by the number that vscause shows, or the one before', (t) => {
  for (const [guestVector, offset] of [
    ['translated', 4n * 5n],
    ['untranslated', 4n * 6n],
  ] as const) {
    const bench = new CsrBench({ knobs: { guestVector } });
    bench.write({ hideleg: ~0n, vstvec: 0x4000_0001n });
    bench.mode = 'VU';
    bench.traps.enter(6);
    t.is(bench.state.pc, 0x4000_0000n + offset);
  }
});

test('MRET returns to every mode that MPP and MPV name', (t) => {
  const cases: readonly (readonly [bigint, bigint, Mode])[] = [
    [0n, 0n, 'U'],
    [1n, 0n, 'HS'],
    [3n, 0n, 'M'],
    [0n, 1n, 'VU'],
    [1n, 1n, 'VS'],
    [3n, 1n, 'M'],
  ];
  for (const [mpp, mpv, to] of cases) {
    const bench = new CsrBench();
    bench.setFields({ 'mstatus.mpp': mpp, 'mstatus.mpv': mpv, 'mstatus.mprv': 1n });
    bench.setFields({ 'mstatus.mpie': 1n });
    bench.write({ mepc: 0x8000_0004n });
    t.deepEqual(bench.traps.returnFrom('mret'), { from: 'M', to });
    t.is(bench.state.pc, 0x8000_0004n);
    t.is(bench.state.virtual, to === 'VS' || to === 'VU', 'V is 0 in M');
    t.is(bench.field('mstatus.mpp'), 0n);
    t.is(bench.field('mstatus.mpv'), 0n);
    t.is(bench.field('mstatus.mie'), 1n);
    t.is(bench.field('mstatus.mpie'), 1n);
    t.is(bench.field('mstatus.mprv'), to === 'M' ? 1n : 0n, 'MPRV is cleared when leaving M');
  }
});

test('SRET with V=0 returns to every mode that SPP and SPV name, from M too', (t) => {
  const cases: readonly (readonly [bigint, bigint, Mode])[] = [
    [0n, 0n, 'U'],
    [1n, 0n, 'HS'],
    [0n, 1n, 'VU'],
    [1n, 1n, 'VS'],
  ];
  for (const from of ['HS', 'M'] as const) {
    for (const [spp, spv, to] of cases) {
      const bench = new CsrBench();
      bench.mode = from;
      bench.setFields({ 'mstatus.spp': spp, 'hstatus.spv': spv, 'mstatus.mprv': 1n });
      bench.setFields({ 'mstatus.spie': 1n, 'hstatus.spvp': 1n });
      bench.write({ sepc: 0x8020_0000n });
      t.deepEqual(bench.traps.returnFrom('sret'), { from, to });
      t.is(bench.state.pc, 0x8020_0000n);
      t.is(bench.field('mstatus.spp'), 0n);
      t.is(bench.field('mstatus.sie'), 1n);
      t.is(bench.field('mstatus.spie'), 1n);
      t.is(bench.field('mstatus.mprv'), 0n);
      t.is(bench.field('hstatus.spv'), 0n);
      t.is(bench.field('hstatus.spvp'), 1n);
    }
  }
});

test('SRET in VS uses the guest’s status and stays in the guest', (t) => {
  for (const [spp, to] of [
    [0n, 'VU'],
    [1n, 'VS'],
  ] as const) {
    const bench = new CsrBench();
    bench.mode = 'VS';
    bench.write({ vsepc: 0x1000n, sepc: 0x2000n });
    bench.setFields({ 'vsstatus.spp': spp, 'vsstatus.spie': 1n, 'mstatus.spp': 1n });
    t.deepEqual(bench.traps.returnFrom('sret'), { from: 'VS', to });
    t.is(bench.state.pc, 0x1000n);
    t.is(bench.field('vsstatus.sie'), 1n);
    t.is(bench.field('vsstatus.spp'), 0n);
    t.is(bench.field('mstatus.spp'), 1n, 'the host’s status is not touched');
  }
});

test('a trap and its return cancel out for the interrupted mode', (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...modes), fc.boolean(), fc.boolean(), (mode, delegated, on) => {
      const bench = new CsrBench();
      bench.mode = mode;
      bench.state.pc = 0x8000_1230n;
      bench.write({ medeleg: delegated ? ~0n : 0n });
      const enable = delegated ? 'mstatus.sie' : 'mstatus.mie';
      bench.setFields({ [enable]: BigInt(on) });
      const { to } = bench.traps.enter(exception(13));
      bench.traps.returnFrom(to === 'M' ? 'mret' : 'sret');
      t.is(bench.mode, mode);
      t.is(bench.state.pc, 0x8000_1230n);
      t.is(bench.field(enable), BigInt(on));
    }),
    { numRuns: 50, seed: 6 },
  );
});

test('without transformed instructions only pseudoinstructions are reported', (t) => {
  for (const [tinst, load, walk] of [
    ['off', 0n, 0x3000n],
    ['on', 0x2003n, 0x3000n],
  ] as const) {
    for (const [reported, expected] of [
      [0x2003n, load],
      [0x3000n, walk],
    ] as const) {
      const bench = new CsrBench({ knobs: { tinst } });
      bench.write({ medeleg: ~0n, sedeleg: 1n << 21n });
      bench.setFields({ 'hstatus.hu': 1n });
      bench.mode = 'VS';
      bench.traps.enter({ ...exception(21), tinst: reported });
      t.is(bench.read('hutinst'), expected);
    }
  }
});

test('the guest address is written at every trap, or only for causes with bit 4 set', (t) => {
  for (const [guestAddress, afterPageFault, afterVirtual] of [
    ['every-trap', 0n, 0n],
    ['bit-4-causes', 0x77n, 0n],
  ] as const) {
    for (const [cause, expected] of [
      [13, afterPageFault],
      [22, afterVirtual],
    ] as const) {
      const bench = new CsrBench({ knobs: { guestAddress } });
      bench.write({ medeleg: ~0n, htval: 0x77n });
      bench.mode = 'VS';
      bench.traps.enter(exception(cause));
      t.is(bench.read('htval'), expected);
    }
  }
});

test('every CSR with storage can be reset', (t) => {
  const bench = new CsrBench();
  const fresh = words(bench);
  for (const csr of csrs) bench.csrs.write(csr, 0x5555_5555_5555_5555n);
  bench.csrs.reset();
  t.deepEqual(words(bench), fresh);
});
