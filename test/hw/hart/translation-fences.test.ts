import test from 'ava';
import { Leaf, RAM, TranslationUnit } from './translation-unit.ts';

const HOST = RAM + 0x4000;
const GUEST = RAM + 0x1_0000;
const STAGE2 = RAM + 0x8000;
const [FIRST, SECOND, SHARED] = [0x40_0000, 0x40_1000, 0x40_2000] as const;
const OLD = RAM + 0x2_0000;
const NEW = RAM + 0x2_8000;
const GLOBAL = 0x20n;

/** Host spaces of ASID 1 and 2 and guests of VM 1 and 2, over the same tables; every page is cached, then moved. */
function filled(): TranslationUnit {
  const unit = new TranslationUnit();
  const mapAll = (target: number): void => {
    for (const [index, page] of [FIRST, SECOND, SHARED].entries()) {
      const bits = Leaf.supervisor | (page === SHARED ? GLOBAL : 0n);
      unit.map(HOST, page, target + index * 4096, bits);
      unit.map(GUEST, page, target + index * 4096, bits);
    }
  };
  for (let page = GUEST; page < GUEST + 0x3000; page += 4096) {
    unit.map(STAGE2, page, page, Leaf.user, 4);
  }
  for (let page = OLD; page < OLD + 0x1_0000; page += 4096) {
    unit.map(STAGE2, page, page, Leaf.user, 4);
  }
  mapAll(OLD);
  for (const space of spaces) for (const page of pages) look(unit, space, page);
  mapAll(NEW);
  return unit;
}

const spaces = ['host 1', 'host 2', 'vm 1', 'vm 2'] as const;
const pages = [FIRST, SECOND, SHARED] as const;

function enter(unit: TranslationUnit, space: string): void {
  const [kind, id = ''] = space.split(' ');
  const number = Number(id);
  unit.set({
    virtual: kind === 'vm',
    satp: unit.root(HOST, BigInt(number)),
    vsatp: unit.root(GUEST, 5n),
    hgatp: unit.root(STAGE2),
    vmid: number,
  });
}

function look(unit: TranslationUnit, space: string, page: number): number {
  enter(unit, space);
  const result = unit.access(page, 'load');
  return typeof result === 'number' ? result : -1;
}

/** Which pages of which spaces were dropped: those that are seen at their new place. */
function dropped(unit: TranslationUnit): string[] {
  return spaces.flatMap((space) =>
    pages
      .filter((page) => look(unit, space, page) >= NEW)
      .map(
        (page) => `${space} ${page === SHARED ? 'shared' : page === FIRST ? 'first' : 'second'}`,
      ),
  );
}

const number = (page: number): number => page / 4096;

const drops = test.macro(
  (t, fence: (unit: TranslationUnit) => void, expected: readonly string[]) => {
    const unit = filled();
    fence(unit);
    t.deepEqual(dropped(unit), [...expected]);
  },
);

const host1 = ['host 1 first', 'host 1 second'];
const host2 = ['host 2 first', 'host 2 second'];
// A global page is one entry for both address spaces.
const hostShared = ['host 1 shared', 'host 2 shared'];
const vm1 = ['vm 1 first', 'vm 1 second', 'vm 1 shared'];
const vm2 = ['vm 2 first', 'vm 2 second', 'vm 2 shared'];

test('without a fence nothing is dropped', drops, () => undefined, []);
test(
  'SFENCE.VMA x0, x0 drops all of the host and nothing of a guest',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceHost(undefined, undefined);
  },
  [...host1, ...hostShared.slice(0, 1), ...host2, ...hostShared.slice(1)],
);
test(
  'SFENCE.VMA with an address drops that page of every address space',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceHost(number(FIRST), undefined);
  },
  ['host 1 first', 'host 2 first'],
);
test(
  'SFENCE.VMA with an address drops a global page too',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceHost(number(SHARED), undefined);
  },
  hostShared,
);
test(
  'SFENCE.VMA with an ASID drops that space but not global pages',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceHost(undefined, 2);
  },
  host2,
);
test(
  'SFENCE.VMA with address and ASID drops one page of one space',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceHost(number(SECOND), 1);
  },
  ['host 1 second'],
);
test(
  'HFENCE.VVMA drops stage 1 of the current VM only',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceGuestStage1(2, undefined, undefined);
  },
  vm2,
);
test(
  'HFENCE.VVMA with address and ASID drops one page',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceGuestStage1(1, number(FIRST), 5);
  },
  ['vm 1 first'],
);
test(
  'HFENCE.VVMA with another ASID drops nothing',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceGuestStage1(1, undefined, 4);
  },
  [],
);
test(
  'HFENCE.GVMA x0, x0 drops every guest and nothing of the host',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceGuestStage2(undefined, undefined);
  },
  [...vm1, ...vm2],
);
test(
  'HFENCE.GVMA with a VMID drops that VM',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceGuestStage2(undefined, 1);
  },
  vm1,
);
test(
  'HFENCE.GVMA with an address drops what was mapped to that guest physical page',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceGuestStage2(number(OLD + 4096), 2);
  },
  ['vm 2 second'],
);
test(
  'HFENCE.GVMA with the address of a stage-1 table drops everything found through it',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceGuestStage2(number(GUEST + 0x1000), undefined);
  },
  [...vm1, ...vm2],
);
test(
  'HUFENCE.GVMA with an address drops it for the own VM only',
  drops,
  (unit) => {
    unit.mmu.tlb.fenceOwnStage2(number(OLD), 1);
  },
  ['vm 1 first'],
);

test('a fence for one address inside a superpage drops the whole superpage', (t) => {
  const unit = new TranslationUnit();
  unit.entry(HOST, 0, HOST + 0x1000, Leaf.table);
  const megapage = 0x8000_0000;
  unit.entry(HOST + 0x1000, 2, megapage, Leaf.supervisor);
  unit.set({ satp: unit.root(HOST) });
  t.is(unit.access(0x40_5000, 'load'), megapage + 0x5000);
  t.is(unit.access(0x40_7000, 'load'), megapage + 0x7000);
  unit.entry(HOST + 0x1000, 2, megapage, 0n);
  t.is(unit.outcome(0x40_7000, 'load'), 'ok');
  unit.mmu.tlb.fenceHost(number(0x40_5000), undefined);
  t.is(unit.outcome(0x40_7000, 'load'), 'load page');
});
