import test from 'ava';
import { CsrBench } from './csr-bench.ts';
import { Leaf, RAM, TranslationUnit } from './translation-unit.ts';

const SV48 = 9n << 60n;
const TABLE = RAM + 0x4000;
const STAGE2 = RAM + 0x8000;
const HALF_TERABYTE = 2 ** 39;

const root = (table: number): bigint => SV48 | BigInt(table / 4096);

test('Sv48 translates through four levels', (t) => {
  const unit = new TranslationUnit();
  unit.set({ satp: root(TABLE) });
  unit.entry(TABLE, 3, TABLE + 0x1000, Leaf.table);
  unit.entry(TABLE + 0x1000, 5, TABLE + 0x2000, Leaf.table);
  unit.entry(TABLE + 0x2000, 7, TABLE + 0x3000, Leaf.table);
  unit.entry(TABLE + 0x3000, 9, RAM + 0x2_0000, Leaf.supervisor);
  const address = 3 * HALF_TERABYTE + 5 * 2 ** 30 + 7 * 2 ** 21 + 9 * 4096 + 0x123;
  t.is(unit.access(address, 'load'), RAM + 0x2_0123);
  t.deepEqual(unit.walks, [[4, 0]]);
});

test('a leaf in the root of Sv48 is a page of 512 GiB, and must be aligned to its size', (t) => {
  const unit = new TranslationUnit();
  unit.set({ satp: root(TABLE) });
  unit.entry(TABLE, 1, 0, Leaf.supervisor);
  unit.entry(TABLE, 2, 2 ** 30, Leaf.supervisor);
  t.is(unit.access(HALF_TERABYTE + RAM + 0x5678, 'load'), RAM + 0x5678);
  t.is(unit.outcome(2 * HALF_TERABYTE + RAM, 'load'), 'load page');
});

test('a fence for one address drops all of a page of 512 GiB', (t) => {
  const unit = new TranslationUnit();
  unit.set({ satp: root(TABLE) });
  unit.entry(TABLE, 1, 0, Leaf.supervisor);
  t.is(unit.outcome(HALF_TERABYTE + RAM, 'load'), 'ok');
  unit.entry(TABLE, 1, 0, 0n);
  t.is(unit.outcome(HALF_TERABYTE + RAM, 'load'), 'ok');
  unit.mmu.tlb.fenceHost((2 * HALF_TERABYTE - 4096) / 4096, undefined);
  t.is(unit.outcome(HALF_TERABYTE + RAM, 'load'), 'load page');
});

test('bits 63:48 of an Sv48 address equal bit 47, else it is a page fault', (t) => {
  const unit = new TranslationUnit();
  unit.set({ satp: root(TABLE) });
  unit.entry(TABLE, 256, 0, Leaf.supervisor);
  const upper = 0xffff_8000_0000_0000n + BigInt(RAM);
  t.is(unit.access(upper, 'load'), RAM);
  for (const bit of [48n, 55n, 63n]) t.is(unit.outcome(upper ^ (1n << bit), 'load'), 'load page');
  t.is(unit.outcome(upper ^ (1n << 47n), 'load'), 'load page', 'another entry, which is not valid');
});

test('guest physical addresses of Sv48x4 have 50 bits', (t) => {
  const unit = new TranslationUnit();
  unit.set({ virtual: true, hgatp: root(STAGE2) });
  unit.entry(STAGE2, 2047, 0, Leaf.user);
  const top = 2047 * HALF_TERABYTE + RAM;
  t.is(unit.access(top + 8, 'load'), RAM + 8);
  t.deepEqual(unit.walks, [[0, 1]]);
  const outside = unit.access(2 ** 50 + top, 'store');
  t.like(outside, {
    kind: 'guestPage',
    access: 'store',
    guestAddress: BigInt(2 ** 50 + top),
    implicit: false,
  });
});

test('only a hart with Sv48 takes its mode into satp, vsatp and hgatp', (t) => {
  const without = new CsrBench();
  const having = new CsrBench({ features: { named: new Set(['sv48']) } });
  for (const name of ['satp', 'vsatp', 'hgatp', 'hugatp']) {
    for (const bench of [without, having]) bench.write({ [name]: 8n << 60n });
    for (const bench of [without, having]) bench.write({ [name]: 9n << 60n });
    t.is(without.read(name) >> 60n, 8n, name);
    t.is(having.read(name) >> 60n, 9n, name);
    having.write({ [name]: 10n << 60n });
    t.is(having.read(name) >> 60n, 9n, `${name}: Sv57 is not there`);
  }
});
