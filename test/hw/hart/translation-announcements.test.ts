import test from 'ava';
import fc from 'fast-check';
import { Need } from '../../../hw/hart/mmu/index.ts';
import { MOST_CONTEXTS } from '../../../hw/hart/mmu/regime.ts';
import { PmpConfig } from '../../../hw/pmc/index.ts';
import { Leaf, RAM, TranslationUnit } from './translation-unit.ts';

const HOST = RAM + 0x4000;
const GUEST = RAM + 0x1_0000;
const STAGE2 = RAM + 0x8000;
const TARGET = RAM + 0x2_0000;
const PAGE = 0x40_0000;
const PAGE_COUNT = 6;
const SUM = 1n << 18n;
const MXR = 1n << 19n;

const page = fc.nat(PAGE_COUNT - 1);
const id = fc.integer({ min: 1, max: 2 });

/** Something that happens to a hart, of what bears upon translation. */
const event = fc.oneof(
  fc.record({ kind: fc.constant('access' as const), page, store: fc.boolean() }),
  fc.record({ kind: fc.constant('access' as const), page, store: fc.boolean() }),
  fc.record({
    kind: fc.constant('map' as const),
    page,
    frame: page,
    bits: fc.constantFrom(Leaf.user, Leaf.supervisor, Leaf.supervisor | 0x20n, 0x63n, 0x4bn),
  }),
  fc.record({
    kind: fc.constant('enter' as const),
    virtual: fc.boolean(),
    privilege: fc.nat(1),
    status: fc.constantFrom(0n, SUM, MXR, SUM | MXR),
    asid: id,
    vmid: id,
  }),
  fc.record({ kind: fc.constant('fence' as const), page: fc.option(page), id: fc.option(id) }),
  fc.record({ kind: fc.constant('protect' as const), permissions: fc.constantFrom(7, 5, 1) }),
  fc.record({ kind: fc.constant('flush' as const) }),
);

/** Remembers where accesses ended as an engine would, and forgets what the unit announces. */
class Filter {
  readonly unit = new TranslationUnit();
  #kept = new Map<string, number>();
  #generation = 0;

  constructor() {
    const { unit } = this;
    unit.mmu.tlb.onFlush = () => {
      this.#kept.clear();
    };
    unit.mmu.tlb.onEvict = ({ page: evicted }) => {
      for (const key of [...this.#kept.keys()]) {
        if (key.endsWith(` ${String(evicted)}`)) this.#kept.delete(key);
      }
    };
    for (let guest = GUEST; guest < GUEST + 0x3000; guest += 4096) {
      unit.map(STAGE2, guest, guest, Leaf.user, 4);
    }
    for (let index = 0; index < PAGE_COUNT; index++) {
      const target = TARGET + index * 4096;
      unit.map(STAGE2, target, target, Leaf.user, 4);
      this.map(index, index, Leaf.supervisor);
    }
  }

  map(index: number, frame: number, bits: bigint): void {
    const target = TARGET + frame * 4096;
    this.unit.map(HOST, PAGE + index * 4096, target, bits);
    this.unit.map(GUEST, PAGE + index * 4096, target, bits);
  }

  /** Makes an access and keeps where it ended, or says how what was kept differs. */
  access(index: number, need: Need): string | undefined {
    const { unit } = this;
    const { mmu, pmp } = unit;
    if (this.#generation !== pmp.generation) this.#kept.clear();
    this.#generation = pmp.generation;
    const address = PAGE + index * 4096;
    const regime = mmu.regimes.data;
    const key = `${String(regime.contextKey)} ${String(need)} ${String(address / 4096)}`;
    const kept = this.#kept.get(key);
    const cached = mmu.lookup(0, address, need, regime)?.frame;
    const walks = unit.walks.length;
    const result = unit.access(address, need === Need.write ? 'store' : 'load');
    if (kept !== undefined && (kept !== result || unit.walks.length !== walks)) {
      return `page ${String(index)}: kept ${String(kept)}, now ${JSON.stringify(result)}`;
    }
    if (cached !== undefined && cached !== result) return 'a lookup differs from the access';
    if (typeof result === 'number') this.#kept.set(key, result);
    return undefined;
  }
}

test('whatever ends a cached translation is announced, so that a copy never differs', (t) => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 20, maxLength: 60 }), (events) => {
      const filter = new Filter();
      const { unit } = filter;
      for (const happening of events) {
        switch (happening.kind) {
          case 'access': {
            const need = happening.store ? Need.write : Need.read;
            const difference = filter.access(happening.page, need);
            if (difference !== undefined) throw new Error(difference);
            break;
          }
          case 'map':
            filter.map(happening.page, happening.frame, happening.bits);
            break;
          case 'enter': {
            const { virtual, privilege, status, asid, vmid } = happening;
            unit.set({
              virtual,
              privilege,
              mstatus: status,
              vsstatus: status,
              satp: unit.root(HOST, BigInt(asid)),
              vsatp: unit.root(GUEST, BigInt(asid)),
              hgatp: unit.root(STAGE2),
              vmid,
            });
            break;
          }
          case 'fence': {
            const number = happening.page === null ? undefined : PAGE / 4096 + happening.page;
            unit.mmu.tlb.fenceHost(number, happening.id ?? undefined);
            unit.mmu.tlb.fenceGuestStage1(happening.id ?? 1, number, undefined);
            break;
          }
          case 'protect':
            unit.pmp.program(
              [happening.permissions | (1 << 3), PmpConfig.read | (3 << 3)],
              [BigInt((TARGET + 0x2000) / 4), (1n << 54n) - 1n],
            );
            break;
          case 'flush':
            unit.mmu.tlb.flush();
        }
      }
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test('looking a translation up neither walks nor caches', (t) => {
  const { unit } = new Filter();
  unit.set({ satp: unit.root(HOST, 1n) });
  const { data } = unit.mmu.regimes;
  t.is(unit.mmu.lookup(0, PAGE, Need.read, data), undefined);
  t.deepEqual(unit.walks, []);
  unit.access(PAGE, 'load');
  t.is(unit.mmu.lookup(0, PAGE, Need.read, data)?.frame, TARGET);
  t.is(unit.mmu.lookup(0, PAGE, Need.execute, data)?.frame, TARGET);
});

test('an entry that makes room for another is announced', (t) => {
  const { unit } = new Filter();
  unit.set({ satp: unit.root(HOST, 1n) });
  unit.access(PAGE, 'load');
  const evicted: number[] = [];
  unit.mmu.tlb.onEvict = (entry) => evicted.push(entry.page);
  for (let asid = 2n; asid < 6000n && evicted.length === 0; asid++) {
    unit.set({ satp: unit.root(HOST, asid) });
    unit.access(PAGE, 'load');
  }
  t.deepEqual(evicted, [PAGE / 4096]);
});

test('context keys stay small, and what was kept under them is announced gone before they are used again', (t) => {
  const { unit } = new Filter();
  let flushes = 0;
  unit.mmu.tlb.onFlush = () => (flushes += 1);
  const labels = new Map<number, string>();
  for (let round = 0n; round < 3000n; round++) {
    const before = flushes;
    unit.set({ satp: unit.root(HOST, round % 700n), privilege: Number(round % 2n) });
    if (flushes !== before) labels.clear();
    const { contextKey, tag, permissionCode } = unit.mmu.regimes.fetch;
    const label = `${String(tag)} ${String(permissionCode)}`;
    t.true(contextKey < MOST_CONTEXTS);
    t.is(labels.get(contextKey) ?? label, label);
    labels.set(contextKey, label);
  }
  t.true(flushes > 1);
});

test('a page that is global no more is announced when a store finds out', (t) => {
  const filter = new Filter();
  const { unit } = filter;
  unit.set({ satp: unit.root(HOST, 1n) });
  filter.map(0, 0, 0x63n);
  unit.access(PAGE, 'load');
  const evicted: number[] = [];
  unit.mmu.tlb.onEvict = (entry) => evicted.push(entry.frame);
  filter.map(0, 1, Leaf.supervisor);
  t.is(unit.access(PAGE, 'load'), TARGET, 'what is cached holds');
  t.is(unit.access(PAGE, 'store'), TARGET + 4096);
  t.deepEqual(evicted, [TARGET]);
  t.is(unit.access(PAGE, 'load'), TARGET + 4096);
});
