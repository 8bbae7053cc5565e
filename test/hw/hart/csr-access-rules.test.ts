import test from 'ava';
import fc from 'fast-check';
import { csrs } from '../../../hw/isa/index.ts';
import type { Csr, DvProfile } from '../../../hw/isa/index.ts';
import { CsrBench, csrNamed } from './csr-bench.ts';

const profiles: readonly DvProfile[] = ['none', 'paper', 'rtl', 'qemu'];
const word = fc.bigInt(0n, (1n << 64n) - 1n);

/** CSRs whose stored value moves by itself or hangs on other CSRs' bits, by design. */
const counters = new Set(['mcycle', 'minstret', 'cycle', 'instret', 'time']);

function writable(bench: CsrBench): readonly Csr[] {
  return csrs.filter((csr) => bench.csrs.has(csr) && !csr.isReadOnly && !counters.has(csr.name));
}

for (const profile of profiles) {
  test(`what a write leaves is legal: writing it again changes nothing (${profile})`, (t) => {
    const bench = new CsrBench({ profile, features: { guestInterruptCount: 5 } });
    bench.write({ mideleg: ~0n, hideleg: ~0n, ...(profile === 'none' ? {} : { sideleg: ~0n }) });
    const start = bench.snapshot();
    fc.assert(
      fc.property(fc.constantFrom(...writable(bench)), word, word, (csr, first, second) => {
        bench.restore(start);
        bench.csrs.write(csr, first);
        bench.csrs.write(csr, second);
        const held = bench.csrs.stored(csr);
        bench.csrs.write(csr, held);
        t.is(bench.csrs.stored(csr), held, csr.name);
        t.is(held & ~csr.mask, 0n, `${csr.name} shows bits of no field`);
        for (const [name, { mask, low, write }] of Object.entries(csr.fields)) {
          if (typeof write === 'string' || typeof write === 'function') continue;
          t.true(write.includes((held & mask) >> BigInt(low)), `${csr.name}.${name} is not legal`);
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
}

/** What writing all ones and then all zeros leaves, where the manual says so (RV64, no F, no V, Sv39 and Sv39x4). */
const manual: Readonly<Record<string, readonly [ones: bigint, zeros: bigint]>> = {
  mstatus: [0xca_007e_19aan, 0xa_0000_0000n],
  sstatus: [0x2_000c_0122n, 0x2_0000_0000n],
  vsstatus: [0x2_000c_0122n, 0x2_0000_0000n],
  misa: [0x8000_0000_0014_1181n, 0x8000_0000_0014_1181n],
  mtvec: [0xffff_ffff_ffff_fffcn, 0n],
  hedeleg: [0xc_b1ffn, 0n],
  hideleg: [0x444n, 0n],
  mideleg: [0x666n, 0x444n],
  mie: [0xeeen, 0n],
  sie: [0x222n, 0n],
  hie: [0x444n, 0n],
  vsie: [0x222n, 0n],
  mip: [0x226n, 0n],
  sip: [0x2n, 0n],
  hip: [0x4n, 0n],
  hvip: [0x444n, 0n],
  vsip: [0x2n, 0n],
  medeleg: [0xf0_b7ffn, 0n],
  hstatus: [0x2_0070_03c0n, 0x2_0000_0000n],
  mcounteren: [0xffff_ffffn, 0n],
  menvcfg: [1n, 0n],
  henvcfg: [1n, 0n],
  senvcfg: [1n, 0n],
  mepc: [0xffff_ffff_ffff_fffcn, 0n],
  mcause: [0x8000_0000_0000_003fn, 0n],
  hgeie: [0n, 0n],
  mcountinhibit: [5n, 0n],
  mhpmcounter3: [0n, 0n],
  mhpmevent31: [0n, 0n],
  pmpaddr0: [0x3f_ffff_ffff_fc00n, 0n],
};

test('fields hold what the manual lets them hold', (t) => {
  const bench = new CsrBench({ profile: 'none' });
  for (const [name, [ones, zeros]] of Object.entries(manual)) {
    const fresh = new CsrBench({ profile: 'none' });
    fresh.write({ mideleg: ~0n, hideleg: ~0n });
    fresh.write({ [name]: ~0n });
    t.is(fresh.read(name), ones, `${name}, ones`);
    fresh.write({ [name]: 0n });
    t.is(fresh.read(name), zeros, `${name}, zeros`);
  }
  t.is(bench.read('mhartid'), 3n);
});

test('MPP keeps its value when 2 is written', (t) => {
  const bench = new CsrBench();
  for (const legal of [0n, 1n, 3n]) {
    bench.setFields({ 'mstatus.mpp': legal });
    bench.setFields({ 'mstatus.mpp': 2n });
    t.is(bench.field('mstatus.mpp'), legal);
  }
});

test('a write of satp with an unsupported MODE has no effect; hgatp takes the other fields', (t) => {
  const bench = new CsrBench();
  for (const name of ['satp', 'vsatp']) {
    bench.write({ [name]: 0x8000_1000_0000_0123n });
    bench.write({ [name]: 0x9000_0000_0000_0456n });
    t.is(bench.read(name), 0x8000_1000_0000_0123n, name);
  }
  bench.write({ hgatp: 0x8000_1000_0000_0124n });
  bench.write({ hgatp: 0x9000_2000_0000_0457n });
  t.is(bench.read('hgatp'), 0x8000_2000_0000_0454n, 'the root stays aligned to 16 KiB');
});

test('ASID and VMID have as many bits as the hart implements', (t) => {
  for (const width of [0, 7, 14]) {
    const bench = new CsrBench({ features: { asidBits: width, vmidBits: width } });
    const ones = (1n << BigInt(width)) - 1n;
    bench.write({ satp: 0x0fff_f000_0000_0000n, hgatp: 0x03ff_f000_0000_0000n, h_vmid: ~0n });
    t.is(bench.field('satp.asid'), ones);
    t.is(bench.field('hgatp.vmid'), ones);
    t.is(bench.read('h_vmid'), ones);
  }
});

test('instruction addresses lose bit 1 unless the hart has compressed instructions', (t) => {
  for (const [extensions, mask] of [
    ['imasuh', ~3n],
    ['imacsuh', ~1n],
  ] as const) {
    const bench = new CsrBench({ features: { extensions } });
    for (const name of ['mepc', 'sepc', 'vsepc', 'uepc', 'huvsepc']) {
      bench.write({ [name]: 0x1007n });
      t.is(bench.read(name), 0x1007n & mask, name);
    }
  }
});

test('a vectored base is as aligned as the hart demands', (t) => {
  for (const [vectoredAlignment, base] of [
    [4, 0x1234n],
    [256, 0x1200n],
  ] as const) {
    const bench = new CsrBench({ features: { vectoredAlignment } });
    bench.write({ stvec: 0x1235n });
    t.is(bench.read('stvec'), base | 1n);
    bench.write({ stvec: 0x1236n });
    t.is(bench.read('stvec') & 3n, 1n, 'mode 2 is reserved and leaves the mode');
    bench.write({ stvec: 0x1234n });
    t.is(bench.read('stvec'), 0x1234n, 'direct');
  }
});

test('VGEIN and hgeie reach the guest external interrupts that exist', (t) => {
  const bench = new CsrBench({ features: { guestInterruptCount: 5 } });
  bench.write({ hgeie: ~0n, mideleg: 0n, mie: ~0n });
  t.is(bench.read('hgeie'), 0x3en);
  t.is(bench.read('mideleg'), 0x1444n);
  t.is(bench.read('hie'), 0x1444n);
  bench.setFields({ 'hstatus.vgein': 5n });
  bench.setFields({ 'hstatus.vgein': 6n });
  t.is(bench.field('hstatus.vgein'), 5n);
});

test('a PMP entry obeys its lock, its grain, and the reserved combination', (t) => {
  const bench = new CsrBench();
  bench.write({ pmpcfg0: 0x02n });
  t.is(bench.read('pmpcfg0'), 0n, 'writable but not readable is reserved');
  bench.write({ pmpcfg0: 0x17n });
  t.is(bench.read('pmpcfg0'), 0x1fn, 'NA4 does not exist at a grain of 4 KiB');
  bench.write({ pmpaddr0: 0x11_1000n, pmpaddr1: 0x22_2000n, pmpaddr2: 0x33_3000n });
  bench.write({ pmpcfg0: 0x8f00n });
  bench.write({ pmpaddr0: 0n, pmpaddr1: 0n, pmpaddr2: 0n, pmpcfg0: 0n });
  t.is(bench.read('pmpcfg0'), 0x8f00n, 'locked');
  t.is(bench.read('pmpaddr0'), 0x11_1000n, 'the base of a locked range');
  t.is(bench.read('pmpaddr1'), 0x22_2000n, 'the top of a locked range');
  t.is(bench.read('pmpaddr2'), 0n, 'not part of it');
});

test('a PMP address reads back with the grain that its matching mode has, and keeps its bits', (t) => {
  const bench = new CsrBench();
  bench.write({ pmpaddr0: ~0n });
  t.is(bench.read('pmpaddr0'), 0x3f_ffff_ffff_fc00n, 'off');
  bench.write({ pmpcfg0: 0x18n, pmpaddr0: 0n });
  t.is(bench.read('pmpaddr0'), 0x1ffn, 'NAPOT');
  bench.write({ pmpaddr0: 0x1234n, pmpcfg0: 0x08n });
  t.is(bench.read('pmpaddr0'), 0x1000n, 'TOR');
  bench.access(0x3b0, 'set', 0x4000n);
  t.is(bench.csrs.stored(csrNamed('pmpaddr0')), 0x5000n, 'a set writes what was read');
  const fine = new CsrBench({ features: { pmpGrainShift: 2 } });
  fine.write({ pmpaddr0: 0x1235n, pmpcfg0: 0x10n });
  t.is(fine.read('pmpaddr0'), 0x1235n);
  t.is(fine.read('pmpcfg0'), 0x10n, 'NA4 exists at a grain of 4 bytes');
});

test('the V bit of a PMP entry exists where physical memory checking does', (t) => {
  for (const [kind, expected] of [
    ['ranges', 0x38n],
    ['none', 0x18n],
  ] as const) {
    const bench = new CsrBench({ knobs: { pmc: { kind } } });
    bench.write({ pmpcfg2: 0x78n });
    t.is(bench.read('pmpcfg2'), expected);
  }
});

test('registers of PMP entries that a hart lacks read zero', (t) => {
  const bench = new CsrBench({ features: { pmpEntryCount: 8 } });
  bench.write({ pmpaddr7: 0x1000n, pmpaddr8: 0x1000n, pmpcfg2: 0x1fn });
  t.not(bench.read('pmpaddr7'), 0n);
  t.is(bench.read('pmpaddr8'), 0n);
  t.is(bench.read('pmpcfg2'), 0n);
});

test('a written counter counts on from there', (t) => {
  const bench = new CsrBench();
  bench.state.cycle = 1000;
  bench.state.instret = 500;
  bench.write({ mcycle: 10n, minstret: 20n });
  bench.state.cycle += 7;
  bench.state.instret += 1;
  t.is(bench.read('mcycle'), 17n);
  t.is(bench.read('cycle'), 17n);
  t.is(bench.read('minstret'), 20n, 'the writing instruction does not count');
  bench.state.instret += 4;
  t.is(bench.read('instret'), 24n);
  bench.write({ mcycle: ~0n });
  bench.state.cycle += 2;
  t.is(bench.read('cycle'), 1n, 'counters wrap');
});

test('time in a guest is moved by htimedelta', (t) => {
  for (const profile of ['none', 'paper', 'qemu', 'rtl'] as const) {
    const bench = new CsrBench({ profile });
    bench.time = 1000n;
    bench.write({ htimedelta: -400n });
    if (profile === 'qemu') bench.write({ hutimedelta: -300n });
    for (const mode of ['M', 'HS', 'U'] as const) {
      bench.mode = mode;
      t.is(bench.read('time'), 1000n);
    }
    for (const mode of ['VS', 'VU'] as const) {
      bench.mode = mode;
      t.is(bench.read('time'), { none: 600n, paper: 600n, qemu: 700n, rtl: 1000n }[profile]);
    }
  }
});

test('a write tells what it may outdate, through a view too', (t) => {
  const bench = new CsrBench();
  const told = (name: string): readonly string[] => {
    bench.effects.length = 0;
    bench.write({ [name]: 0n });
    return [...new Set(bench.effects)].sort();
  };
  t.deepEqual(told('sstatus'), ['interrupts', 'translation']);
  t.deepEqual(told('huvsatp'), ['translation']);
  t.deepEqual(told('hugatp'), ['translation']);
  t.deepEqual(told('huvip'), ['interrupts']);
  t.deepEqual(told('pmpaddr3'), ['protection']);
  t.deepEqual(told('vtimecmp'), ['guestTimerCompare', 'interrupts', 'timer']);
  t.deepEqual(told('vstimecmp'), ['guestTimerCompare', 'interrupts', 'timer']);
  t.deepEqual(told('vtimectl'), ['interrupts', 'timer']);
  t.deepEqual(told('sscratch'), []);
});

test('mcountinhibit stops mcycle and minstret apart, and lets them go on from where they were', (t) => {
  const bench = new CsrBench();
  const values = (): bigint[] =>
    ['mcycle', 'minstret', 'cycle', 'instret'].map((n) => bench.read(n));
  const advance = (): void => {
    bench.state.cycle += 10;
    bench.state.instret += 4;
  };
  advance();
  t.deepEqual(values(), [10n, 4n, 10n, 4n]);
  bench.write({ mcountinhibit: 1n });
  advance();
  t.deepEqual(values(), [10n, 8n, 10n, 8n], 'CY');
  bench.write({ mcountinhibit: 4n });
  advance();
  t.deepEqual(values(), [20n, 8n, 20n, 8n], 'IR');
  bench.write({ mcountinhibit: 5n });
  bench.write({ mcycle: 100n, minstret: 200n });
  advance();
  t.deepEqual(values(), [100n, 200n, 100n, 200n], 'a stopped counter holds what is written');
  bench.write({ mcountinhibit: 0n });
  advance();
  t.deepEqual(values(), [110n, 204n, 110n, 204n]);
});
