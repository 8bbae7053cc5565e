import test from 'ava';
import { type CoreMemory, MemoryModel, StateArea, WalkTrace } from '../../../../hw/timing/index.ts';
import { rocketMemory } from './rocket.ts';

// Counts follow docs/timing.md, "TLB miss", on caches that hold the tables.
const NOW = 10_000;
const ROOT = 0x8000_0000;
const PAGE = 4096;

function core(set: readonly string[] = []): CoreMemory {
  const { cores } = new MemoryModel(rocketMemory(set), 1, new StateArea());
  const [made] = cores;
  if (made === undefined) throw new Error('no core');
  made.reset();
  return made;
}

/** A walk that reads the first entries of pages of tables; all but the last point to others. */
function walk(tables: readonly number[], shift = 12): WalkTrace {
  const trace = new WalkTrace();
  trace.hasStage1 = true;
  trace.shift = shift;
  for (const [index, table] of tables.entries()) {
    trace.add(ROOT + table * PAGE, index < tables.length - 1);
  }
  return trace;
}

/** Brings tables into the data cache. */
function warm(memory: CoreMemory, tables: readonly number[]): void {
  for (const [index, table] of tables.entries()) {
    memory.access(ROOT + table * PAGE, 'read', false, NOW - 10_000 + 1000 * index);
  }
}

test('a page of 4 KiB takes 17 cycles, and 11 once the pointers are known', (t) => {
  const memory = core();
  warm(memory, [0, 1, 2]);
  t.is(memory.walkForData(5, walk([0, 1, 2]), NOW), NOW + 17);
  t.true(memory.findsDataPage(5, false));
  t.is(memory.walkForData(6, walk([0, 1, 2]), NOW + 1000), NOW + 1000 + 11);
});

test('a page of 2 MiB takes 13, one of 1 GiB 9', (t) => {
  const memory = core();
  warm(memory, [0, 1]);
  t.is(memory.walkForData(512, walk([0, 1], 21), NOW), NOW + 13);
  t.true(memory.findsDataPage(1023, false));
  t.false(memory.findsDataPage(1024, false));
  t.is(memory.walkForData(0, walk([0], 30), NOW + 1000), NOW + 1000 + 9);
});

/** A core whose L2 TLB has been filled with page 5 by a walk, and that walk. */
function withPageInL2(): { readonly memory: CoreMemory; readonly page: WalkTrace } {
  const memory = core(['harts.timing.memory.parameters.l2TlbEntries=1024']);
  const page = walk([0, 1, 2]);
  page.suitsL2Tlb = true;
  warm(memory, [0, 1, 2]);
  memory.walkForData(5, page, NOW);
  return { memory, page };
}

test('a page that the L2 TLB holds takes an access 7 cycles', (t) => {
  // PTW.scala: the answer is there after three; four more until the access has gone through the pipeline again.
  const { memory, page } = withPageInL2();
  t.is(memory.walkForData(5, page, NOW + 1000), NOW + 1000 + 7);
  // A fetch tries again every other cycle.
  t.is(memory.walkForFetch(5, page, NOW + 2000), NOW + 2000 + 6);
  t.is(memory.counts['walker']?.of('l2Hits'), 2);
  // Its neighbour is not there, nor is another page for the same place.
  t.is(memory.walkForData(6, page, NOW + 3000), NOW + 3000 + 11);
  t.is(memory.walkForData(5 + 1024, page, NOW + 4000), NOW + 4000 + 11);
  t.is(memory.walkForData(5, page, NOW + 5000), NOW + 5000 + 11);
});

test('fences with an address empty its place in the L2 TLB, all others the whole', (t) => {
  for (const scope of [
    { isVirtual: false, page: 5 },
    { isVirtual: false, page: 5 + 1024 },
    { isVirtual: true },
    { isVirtual: false, keepsGlobal: true },
  ]) {
    const { memory, page } = withPageInL2();
    memory.fence(scope, false);
    t.is(memory.walkForData(5, page, NOW + 1000), NOW + 1000 + 11, JSON.stringify(scope));
  }
  const { memory, page } = withPageInL2();
  memory.fence({ isVirtual: false, page: 6 }, false);
  t.is(memory.walkForData(5, page, NOW + 1000), NOW + 1000 + 7);
});

test('the L2 TLB takes no larger pages, and none of guests that one stage translates', (t) => {
  const large = withPageInL2();
  t.is(large.memory.walkForData(512, walk([0, 1], 21), NOW + 1000), NOW + 1000 + 10);
  t.is(large.memory.walkForData(512, walk([0, 1], 21), NOW + 2000), NOW + 2000 + 10);
  const { memory, page } = withPageInL2();
  page.isVirtual = true;
  memory.walkForData(5, page, NOW + 1000);
  memory.walkForData(5, page, NOW + 2000);
  t.is(memory.counts['walker']?.of('l2Hits'), 0);
});

test('a table that is not in the cache is waited for', (t) => {
  t.is(core().walkForData(5, walk([0]), NOW), NOW + 9 + 120);
});

test('fetches try again every other cycle', (t) => {
  const memory = core();
  warm(memory, [0, 1, 2]);
  memory.walkForData(5, walk([0, 1, 2]), NOW);
  t.is(memory.walkForFetch(5, walk([0, 1, 2]), NOW + 1000), NOW + 1000 + 10);
  t.true(memory.findsFetchPage(5, false));
});

test('a walk through both stages remembers tables of stage 2 and of the guest', (t) => {
  const memory = core();
  const trace = new WalkTrace();
  trace.hasStage1 = true;
  trace.hasStage2 = true;
  trace.isVirtual = true;
  // Two tables of the guest, each found through a table of stage 2; the leaf of stage 1; the page itself.
  for (const [table, isPointer] of [
    [0, true],
    [1, false],
    [2, true],
    [0, true],
    [1, false],
    [2, false],
    [0, true],
    [1, false],
  ] as const) {
    trace.add(ROOT + table * PAGE, isPointer);
  }
  warm(memory, [0, 1, 2]);
  // The root of stage 2 is read once and then known: six reads and two known entries.
  t.is(memory.walkForData(5, trace, NOW), NOW + 9 + 5 * 4 + 2);
  // Then the guest's first table as a whole: four reads left, and three known entries.
  t.is(memory.walkForData(6, trace, NOW + 1000), NOW + 1000 + 9 + 2 * 4 + 3);
});

test('a TLB holds eight groups of four pages', (t) => {
  const memory = core();
  warm(memory, [0, 1, 2]);
  const visit = (page: number): boolean => {
    const isThere = memory.findsDataPage(page, false);
    if (!isThere) memory.walkForData(page, walk([0, 1, 2]), NOW);
    return isThere;
  };
  const pages = Array.from({ length: 32 }, (_, page) => page);
  t.false(pages.some(visit));
  t.true(pages.every(visit));
  t.false(visit(32));
  t.deepEqual(
    pages.filter((page) => !memory.findsDataPage(page, false)),
    [0, 1, 2, 3],
  );
});

test('a page that was found in a larger one counts as a use of its group, once that has an entry', (t) => {
  // TLB.scala, sectorHit: the group's tag is compared, not whether the page is there. Two groups, the older of which gives way.
  const memory = core(['harts.timing.memory.parameters.tlbEntries=8']);
  memory.walkForData(512, walk([0, 1], 21), NOW);
  t.true(memory.findsDataPage(512, false));
  memory.walkForData(513, walk([0, 1, 2]), NOW);
  memory.walkForData(5, walk([0, 1, 2]), NOW);
  t.true(memory.findsDataPage(512, false));
  memory.walkForData(9, walk([0, 1, 2]), NOW);
  t.false(memory.findsDataPage(5, false));
});

test('a fence drops a page, what is not global, or everything, of guests or of others', (t) => {
  const memory = core();
  const global = walk([0]);
  global.isGlobal = true;
  const present = (): readonly number[] =>
    [5, 6, 7].filter((page) => memory.findsDataPage(page, false));
  const fill = (): void => {
    for (const page of [5, 6]) memory.walkForData(page, walk([0]), NOW);
    memory.walkForData(7, global, NOW);
  };
  fill();
  memory.fence({ isVirtual: true }, true);
  t.deepEqual(present(), [5, 6, 7]);
  memory.fence({ isVirtual: false, page: 6 }, false);
  t.deepEqual(present(), [5, 7]);
  memory.fence({ isVirtual: false, keepsGlobal: true }, true);
  t.deepEqual(present(), [7]);
  memory.fence({ isVirtual: false }, true);
  t.deepEqual(present(), []);
});
