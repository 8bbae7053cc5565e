import test from 'ava';
import { CsrBench } from './csr-bench.ts';

const WORD = (1n << 64n) - 1n;
const SV39 = 8n << 60n;

function bench(): CsrBench {
  return new CsrBench({ profile: 'none', features: { guestInterruptCount: 5 } });
}

/** What writing all ones and then all zeros leaves, by the sections named; GEILEN is 5 here. */
const written: Readonly<Record<string, readonly [ones: bigint, zeros: bigint, section: string]>> = {
  stvec: [WORD & ~3n, 0n, '10.1.2'],
  vstvec: [WORD & ~3n, 0n, '18.2.13'],
  scounteren: [0xffff_ffffn, 0n, '10.1.5'],
  hcounteren: [0xffff_ffffn, 0n, '18.2.6'],
  sscratch: [WORD, 0n, '10.1.6'],
  vsscratch: [WORD, 0n, '18.2.14'],
  sepc: [WORD & ~3n, 0n, '10.1.7'],
  vsepc: [WORD & ~3n, 0n, '18.2.15'],
  stval: [WORD, 0n, '10.1.9'],
  vstval: [WORD, 0n, '18.2.17'],
  mtval: [WORD, 0n, '3.1.16'],
  mtval2: [WORD, 0n, '18.4.4'],
  mtinst: [WORD, 0n, '18.4.5'],
  htval: [WORD, 0n, '18.2.8'],
  htinst: [WORD, 0n, '18.2.9'],
  htimedelta: [WORD, 0n, '18.2.7'],
  satp: [0n, 0n, '10.1.11'],
  vsatp: [0n, 0n, '18.2.18'],
  hgatp: [0x03ff_ffff_ffff_fffcn, 0n, '18.2.10'],
  mideleg: [0x1666n, 0x1444n, '18.4.2'],
  hideleg: [0x444n, 0n, '18.2.2'],
  mie: [0x1eeen, 0n, '18.4.3'],
  hgeie: [0x3en, 0n, '18.2.4'],
  misa: [0x8000_0000_0014_1181n, 0x8000_0000_0014_1181n, '3.1.1'],
};

test('registers hold what the manual lets them hold', (t) => {
  for (const [name, [ones, zeros, section]] of Object.entries(written)) {
    const fresh = bench();
    fresh.write({ [name]: WORD });
    t.is(fresh.read(name), ones, `${name}, ones (priv ${section})`);
    fresh.write({ [name]: 0n });
    t.is(fresh.read(name), zeros, `${name}, zeros (priv ${section})`);
  }
});

test('a reserved trap vector mode leaves the mode as it is, whoever’s vector it is (priv 3.1.7)', (t) => {
  for (const name of ['mtvec', 'stvec', 'vstvec']) {
    const fresh = bench();
    for (const mode of [0n, 1n]) {
      fresh.write({ [name]: 0x1000n | mode });
      for (const reserved of [2n, 3n]) {
        fresh.write({ [name]: 0x2000n | reserved });
        t.is(fresh.read(name), 0x2000n | mode, name);
      }
    }
  }
});

test('XLEN is 64 in every mode: SXL, UXL and VSXL are read-only 2, endianness bits 0 (priv 3.1.6.1, 18.2.1)', (t) => {
  const fresh = bench();
  for (const value of [0n, WORD]) {
    fresh.write({ mstatus: value, sstatus: value, vsstatus: value, hstatus: value });
    for (const field of ['mstatus.sxl', 'mstatus.uxl', 'vsstatus.uxl', 'hstatus.vsxl']) {
      t.is(fresh.field(field), 2n, field);
    }
    for (const field of ['mstatus.sbe', 'mstatus.mbe', 'mstatus.ube', 'hstatus.vsbe']) {
      t.is(fresh.field(field), 0n, field);
    }
  }
});

test('the modes of stage 1 and stage 2 are Bare and those that isa: names (priv 10.1.11, 18.2.10)', (t) => {
  for (const [named, modes] of [
    [[], [0n, 8n]],
    [['sv48'], [0n, 8n, 9n]],
  ] as const) {
    const fresh = new CsrBench({ profile: 'none', features: { named: new Set(named) } });
    for (const name of ['satp', 'vsatp', 'hgatp']) {
      const taken = Array.from({ length: 16 }, (_, mode) => BigInt(mode)).filter((mode) => {
        fresh.write({ [name]: mode === 8n ? 0n : SV39 });
        fresh.write({ [name]: mode << 60n });
        return fresh.field(`${name}.mode`) === mode;
      });
      t.deepEqual(taken, [...modes], name);
    }
  }
});

test('with V=1 a write of satp with an unsupported MODE has no effect on vsatp (priv 18.2.18)', (t) => {
  const fresh = bench();
  fresh.write({ vsatp: SV39 | 0x1234n });
  fresh.mode = 'VS';
  fresh.access(0x180, 'write', (10n << 60n) | 0x5678n);
  t.is(fresh.read('vsatp'), SV39 | 0x1234n);
});

test('exceptions that cannot leave HS or M are read-only zero in hedeleg and medeleg (priv 18.2.2, 3.1.8)', (t) => {
  const fresh = bench();
  fresh.write({ medeleg: WORD, hedeleg: WORD });
  const zeros = (name: string): number[] =>
    Array.from({ length: 24 }, (_, cause) => cause).filter(
      (cause) => ((fresh.read(name) >> BigInt(cause)) & 1n) === 0n,
    );
  t.deepEqual(zeros('medeleg'), [11, 14, 16, 17, 18, 19]);
  t.deepEqual(zeros('hedeleg'), [9, 10, 11, 14, 16, 17, 20, 21, 22, 23]);
});

test('VSSIP is one bit behind mip, hip, hvip and, if delegated, vsip (priv 18.2.3, 18.2.12)', (t) => {
  const views = { mip: 4n, hip: 4n, hvip: 4n, vsip: 2n };
  for (const [through, bit] of Object.entries(views)) {
    const fresh = bench();
    fresh.write({ hideleg: WORD });
    fresh.write({ [through]: bit });
    for (const [name, shown] of Object.entries(views)) t.is(fresh.read(name), shown, name);
    fresh.write({ [through]: 0n });
    for (const name of Object.keys(views)) t.is(fresh.read(name), 0n, name);
  }
  const kept = bench();
  kept.write({ vsip: 2n, vsie: 0x222n });
  t.deepEqual([kept.read('vsip'), kept.read('vsie'), kept.read('mip')], [0n, 0n, 0n]);
});

test('VSTIP and VSEIP are read-only in mip and hip, and written through hvip (priv 18.2.3)', (t) => {
  const fresh = bench();
  fresh.write({ mip: 0x440n, hip: 0x440n });
  t.is(fresh.read('hip'), 0n);
  fresh.write({ hvip: 0x440n });
  t.deepEqual([fresh.read('mip'), fresh.read('hip'), fresh.read('hvip')], [0x440n, 0x440n, 0x440n]);
});

test('hgeip shows the lines, VGEIN selects VSEIP, hgeie makes SGEIP (priv 18.2.3, 18.2.4)', (t) => {
  const fresh = bench();
  fresh.lines.setGuestExternal(3, true);
  fresh.write({ hgeip: 0n });
  t.is(fresh.read('hgeip'), 8n);
  t.is(fresh.read('hip'), 0n);
  fresh.setFields({ 'hstatus.vgein': 3n });
  t.is(fresh.read('hip'), 0x400n);
  t.is(fresh.read('hvip'), 0n);
  fresh.write({ hgeie: 8n });
  t.is(fresh.read('hip'), 0x1400n);
  fresh.setFields({ 'hstatus.vgein': 2n });
  t.is(fresh.read('hip'), 0x1000n);
});

test('SEIP that M wrote and the external line are joined on reads alone (priv 3.1.9)', (t) => {
  const fresh = bench();
  fresh.lines.set('seip', true);
  t.is(fresh.access(0x344, 'set', 0n), 0x200n);
  fresh.lines.set('seip', false);
  t.is(fresh.read('mip'), 0n, 'the line was not written back');
  fresh.write({ mip: 0x200n });
  t.is(fresh.read('mip'), 0x200n);
});

test('Smepmp, state enables, triggers and Svpbmt are absent (priv 2.2)', (t) => {
  const fresh = bench();
  for (const address of [
    0x747, 0x30c, 0x10c, 0x60c, 0x7a0, 0x7a1, 0x7b0, 0x5a8, 0x3a1, 0x3a4, 0x3c0,
  ]) {
    t.like(fresh.access(address), { cause: 2 }, address.toString(16));
  }
  fresh.write({ menvcfg: WORD, henvcfg: WORD });
  t.deepEqual([fresh.read('menvcfg'), fresh.read('henvcfg')], [1n, 1n]);
});
