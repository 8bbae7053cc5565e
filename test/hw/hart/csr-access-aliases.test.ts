import test from 'ava';
import fc from 'fast-check';
import { CsrBench } from './csr-bench.ts';

const word = fc.bigInt(0n, (1n << 64n) - 1n);

/** Pairs of addresses for one register, with the bits that both reach. */
const shared: readonly (readonly [view: string, target: string, mask: bigint])[] = [
  ['huvsstatus', 'vsstatus', ~0n],
  ['huvstvec', 'vstvec', ~0n],
  ['huvsscratch', 'vsscratch', ~0n],
  ['huvsepc', 'vsepc', ~0n],
  ['huvscause', 'vscause', ~0n],
  ['huvstval', 'vstval', ~0n],
  ['huvsatp', 'vsatp', ~0n],
  ['huvsie', 'vsie', ~0n],
  ['huvsip', 'vsip', ~0n],
  ['hucounteren', 'hcounteren', ~0n],
  ['hutimedelta', 'htimedelta', ~0n],
  ['huvip', 'hvip', ~0n],
  ['sstatus', 'mstatus', 0x2_000c_0122n],
  ['hugatp', 'hgatp', ~0n],
];

for (const [view, target, mask] of shared) {
  test(`${view} and ${target} are one register`, (t) => {
    const bench = new CsrBench();
    bench.write({ hideleg: ~0n });
    fc.assert(
      fc.property(word, word, (first, second) => {
        for (const [name, value] of [
          [view, first],
          [target, second],
          [view, second],
          [target, first],
        ] as const) {
          bench.write({ [name]: value });
          t.is(bench.read(view), bench.read(target) & mask);
        }
      }),
      { numRuns: 100, seed: 2 },
    );
  });
}

test('sie and hie split the interrupts delegated by mideleg', (t) => {
  const bench = new CsrBench();
  fc.assert(
    fc.property(word, word, (delegated, enabled) => {
      bench.write({ mideleg: delegated, mie: enabled });
      const mideleg = bench.read('mideleg');
      t.is(bench.read('sie') & bench.read('hie'), 0n);
      t.is(bench.read('sie') | bench.read('hie'), bench.read('mie') & mideleg);
      bench.write({ mie: 0n, sie: ~0n });
      t.is(bench.read('mie'), mideleg & 0x333n, 'sie reaches delegated S and user interrupts');
    }),
    { numRuns: 200, seed: 3 },
  );
});

test('vsie and vsip show what hideleg hands to the guest, shifted by one', (t) => {
  const bench = new CsrBench();
  fc.assert(
    fc.property(word, word, word, (delegated, enabled, pending) => {
      bench.write({ hideleg: delegated, mie: enabled, hvip: pending });
      const hideleg = bench.read('hideleg');
      t.is(bench.read('vsie'), (bench.read('hie') & hideleg) >> 1n);
      t.is(bench.read('vsip'), (bench.read('hip') & hideleg) >> 1n);
      bench.write({ vsip: ~0n });
      t.is((bench.read('hvip') & 4n) !== 0n, (hideleg & 4n) !== 0n || (pending & 4n) !== 0n);
    }),
    { numRuns: 200, seed: 4 },
  );
});

test('hvip shows what software stored, hip and mip join the lines', (t) => {
  const bench = new CsrBench();
  bench.lines.set('vseip', true);
  bench.write({ hvip: 0x40n });
  t.is(bench.read('hvip'), 0x40n);
  t.is(bench.read('hip'), 0x440n);
  t.is(bench.read('mip'), 0x440n);
  bench.lines.set('vseip', false);
  t.is(bench.read('hip'), 0x40n);
});

test('mip.SEIP set by software is not what the external line shows, and a clear leaves the line', (t) => {
  const bench = new CsrBench();
  bench.lines.set('seip', true);
  t.is(bench.access(0x344, 'clear', 0x200n), 0x200n);
  bench.access(0x344, 'set', 2n);
  bench.lines.set('seip', false);
  t.is(bench.read('mip'), 2n, 'the read-modify-write did not store the line');
});

test('a selected guest external interrupt is VSEIP, an enabled one SGEIP', (t) => {
  const bench = new CsrBench({ features: { guestInterruptCount: 3 } });
  bench.setFields({ 'hstatus.vgein': 2n });
  bench.lines.setGuestExternal(2, true);
  t.is(bench.read('hgeip'), 4n);
  t.is(bench.read('hip'), 0x400n);
  bench.write({ hgeie: 4n });
  t.is(bench.read('hip'), 0x1400n);
  bench.setFields({ 'hstatus.vgein': 1n });
  t.is(bench.read('hip'), 0x1000n);
});

test('huie is replaced as a whole: enables of the guest too', (t) => {
  const bench = new CsrBench();
  bench.write({ sideleg: 0x11n, mie: 0xfffn });
  t.is(bench.read('huie'), 0x455n);
  bench.write({ huie: 0x11n });
  t.is(bench.read('hie'), 0n);
  t.is(bench.read('mie'), 0xbbbn, 'bits that huie does not show are kept');
});

test('huie and huip reach only the user interrupts that sideleg delegates, or all of them', (t) => {
  for (const [userInterrupts, reached] of [
    ['delegated', 0x10n],
    ['all', 0x111n],
  ] as const) {
    const bench = new CsrBench({ knobs: { userInterrupts } });
    bench.write({ sideleg: 0x10n, huie: ~0n, huip: ~0n });
    t.is(bench.read('mie'), reached | 0x444n);
    t.is(bench.read('mip'), reached | 0x044n, 'VSEIP is read-only in huip');
  }
});

// duvisor 1.6: huie's mask is 0, 4, 8, 16 and the VS bits; huip's {0,4,8,2,6,10,16}, of which sideleg's are written; huvip's is
// the same; hvip writes VSSIP and VSTIP.
test('by the masks of the QEMU fork huie reaches all, huip what sideleg delegates, and huvip all', (t) => {
  const all = 0x1_0555n;
  const bench = new CsrBench({ profile: 'qemu' });
  bench.write({ sideleg: 0n, mie: 0n, huie: ~0n });
  t.is(bench.read('mie'), all, 'huie');
  bench.write({ huip: ~0n });
  t.is(bench.read('mip'), 0n, 'huip, nothing being delegated');
  bench.write({ sideleg: 0x1_0450n, huip: ~0n });
  t.is(bench.read('mip'), 0x1_0450n, 'huip');
  bench.write({ sideleg: 0x10n, huip: 0n });
  t.is(bench.read('mip'), 0x1_0440n, 'huip leaves what is not delegated');
  t.is(bench.read('huip'), 0x1_0440n, 'and shows it');
  bench.write({ huvip: ~0n });
  t.is(bench.read('mip'), all, 'huvip');
  bench.write({ huvip: 0n });
  t.is(bench.read('mip'), 0n, 'huvip clears');
  bench.write({ hvip: ~0n });
  t.is(bench.read('mip'), 0x44n, 'hvip');
});

test('there is an interrupt 16 where the masks are the QEMU fork’s, and nowhere else', (t) => {
  for (const [userInterrupts, bit] of [
    ['delegated', 0n],
    ['all', 0n],
    ['fork-masks', 0x1_0000n],
  ] as const) {
    const bench = new CsrBench({ knobs: { userInterrupts } });
    bench.write({ mideleg: ~0n, mie: ~0n, mip: ~0n, sideleg: ~0n });
    for (const name of ['mideleg', 'mie', 'mip', 'sideleg', 'huie', 'huip']) {
      t.is(bench.read(name) & 0x1_0000n, bit, `${name}, ${userInterrupts}`);
    }
  }
});

test('interrupt 16 is taken by HU, M or HS, as it is delegated', (t) => {
  for (const [mideleg, sideleg, to] of [
    [0n, 0n, 'M'],
    [~0n, 0n, 'HS'],
    [~0n, ~0n, 'HU'],
  ] as const) {
    const bench = new CsrBench({ profile: 'qemu' });
    bench.setFields({ 'hstatus.hu': 1n });
    bench.write({ mideleg, sideleg, mie: 0x1_0000n, huvip: 0x1_0000n });
    bench.mode = 'VS';
    t.is(bench.nextInterrupt(), 16);
    t.is(bench.traps.enter(16).to, to);
    if (to === 'HU') t.is(bench.read('ucause'), (1n << 63n) | 16n);
  }
});

test('VSEIP is injected through hvip and huvip, or by the line alone', (t) => {
  for (const [vseip, expected] of [
    ['writable', 0x444n],
    ['read-only', 0x044n],
  ] as const) {
    for (const name of ['hvip', 'huvip']) {
      const bench = new CsrBench({ knobs: { vseip } });
      bench.write({ [name]: ~0n });
      t.is(bench.read('hip'), expected, name);
    }
  }
});

test('a set of another bit leaves a live line unstored, or makes it stick', (t) => {
  for (const [lines, expected] of [
    ['live', 0x40n],
    ['sticky', 0x44n],
  ] as const) {
    const bench = new CsrBench({ knobs: { lines } });
    bench.lines.set('vssip', true);
    bench.access(0x844, 'set', 0x40n);
    bench.lines.set('vssip', false);
    t.is(bench.read('huip'), expected);
  }
});

test('hustatus keeps apart what the rule says and reads the rest through', (t) => {
  const cases = [
    ['split', 0x1d1n],
    ['spv', 0x091n],
    ['separate', 0x7001d1n],
  ] as const;
  for (const [hustatus, own] of cases) {
    const bench = new CsrBench({ knobs: { hustatus } });
    bench.write({ hstatus: 0n });
    bench.write({ hustatus: ~0n });
    const through = bench.read('hstatus') & 0x7003c0n;
    t.is(through, 0x7001d1n & ~own & ~0x11n, hustatus);
    bench.write({ hstatus: 0x200n });
    t.is(
      bench.read('hustatus') & 0x200n,
      hustatus === 'separate' ? 0n : 0x200n,
      'HU reads through',
    );
    t.is(bench.read('hustatus') & own, own, 'own bits are out of reach of hstatus');
  }
});

test('hutval is a register of its own, or htval', (t) => {
  for (const [exitValues, seen] of [
    ['own', 0n],
    ['shared', 0x1234n],
  ] as const) {
    const bench = new CsrBench({ knobs: { exitValues } });
    bench.write({ hutval: 0x1234n });
    t.is(bench.read('htval'), seen);
  }
});

test('hucounteren, hutimedelta and hugatp are the H registers, or words of their own', (t) => {
  for (const [views, seen] of [
    ['shared', 4n],
    ['separate', 0n],
  ] as const) {
    const bench = new CsrBench({ knobs: { views } });
    bench.write({ hucounteren: 4n, hutimedelta: 4n, hugatp: 4n });
    for (const name of ['hcounteren', 'htimedelta', 'hgatp']) t.is(bench.read(name), seen, name);
  }
});

test('hugatp shows the VM id that the kernel chose and cannot change it', (t) => {
  const bench = new CsrBench();
  bench.write({ hgatp: 0x8000_3000_0000_0010n });
  bench.write({ hugatp: 0x8fff_ffff_ffff_ffffn });
  t.is(bench.read('hgatp'), 0x8000_3fff_ffff_fffcn);
});
