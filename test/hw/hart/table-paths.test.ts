import test from 'ava';
import fc from 'fast-check';
import { Need, PageWalker, type TableMemory, type WalkSpace } from '../../../hw/hart/mmu/index.ts';
import { KNOWN_PAGES } from '../../../hw/hart/mmu/page-walker.ts';
import { TablePaths } from '../../../hw/hart/mmu/table-paths.ts';
import { sv39, sv39x4, sv48, sv48x4 } from '../../../hw/isa/index.ts';

// A walker that remembers paths is compared with one that reads every entry.

const PAGES = 16;
const ENTRIES = 512;
/** What tables use of their entries, so that walks meet. */
const USED = 3;

/** A few pages of tables; whoever walks has a copy. */
class Tables implements TableMemory {
  readonly words = new Int32Array(PAGES * ENTRIES * 2);
  readonly known = new Int32Array(2 * KNOWN_PAGES).fill(-1);
  epoch = 0;
  reads = 0;
  readonly hidden = new Set<number>();

  hide(page: number): void {
    if (!this.hidden.delete(page)) this.hidden.add(page);
    this.epoch += 1;
  }

  show(): void {
    if (this.hidden.size > 0) this.epoch += 1;
    this.hidden.clear();
  }

  find(page: number, index: number): number {
    this.reads += 1;
    return page < PAGES && !this.hidden.has(page) ? (page * ENTRIES + index) * 2 : -1;
  }

  mark(page: number, index: number, bits: number): boolean {
    const word = this.find(page, index);
    if (word >= 0) this.words[word] = (this.words[word] ?? 0) | bits;
    return word >= 0;
  }
}

interface Told {
  readonly outcome: 'found' | 'page' | 'guestPage' | 'access';
  readonly [name: string]: unknown;
}

class Walker {
  readonly tables = new Tables();
  readonly walker: PageWalker;

  constructor(remembers: boolean) {
    const { tables } = this;
    this.walker = new PageWalker(tables, remembers ? new TablePaths(tables.words) : undefined);
  }

  /** Everything that a walk tells, and what it left in memory. */
  walk(page: number, need: Need, space: WalkSpace): Told {
    const { walker, tables } = this;
    const outcome = walker.walk(page, need, space);
    const { stage1Reads, stage2Reads, isImplicit, isUpdate, guestPage, leafCount } = walker;
    const told = { outcome, stage1Reads, stage2Reads, isImplicit, isUpdate, guestPage };
    const sum = tables.words.reduce((before, word) => Math.imul(before, 31) + word, 0);
    if (outcome !== 'found') {
      return { ...told, sum, offset: isImplicit ? walker.guestOffset : 0 };
    }
    const { stage1Bits, stage2Bits, stage1Shift, isGlobal, leafPages, leafShifts } = walker;
    return {
      ...{ ...told, sum, page: walker.page, stage1Bits, stage2Bits, stage1Shift, isGlobal },
      leaves: [...leafPages.slice(0, leafCount), ...leafShifts.slice(0, leafCount)],
    };
  }
}

/** Where the tables are, as long as they are whole. */
const Place = { sv39: 0, middle: 1, other: 2, last: 3, sv39x4: 4, sv48x4: 8 } as const;
const Place2 = { middle: 12, last: 13 } as const;
const SECOND_LAST = 14;
const SV48 = 15;
const POINTER = 0x01;
const LEAF = 0xdf;

type Entry = readonly [page: number, index: number, target: number, bits: number];

/** Tables of both stages, in which stage 2 leaves every page where it is. */
function wholeTables(): readonly Entry[] {
  const used = Array.from({ length: USED }, (_, index) => index);
  const second = Array.from({ length: PAGES }, (_, index) => index);
  const { sv39, middle, other, last } = Place;
  return [
    ...used.map((index): Entry => [SV48, index, sv39, POINTER]),
    ...used.map((index): Entry => [sv39, index, index === 1 ? other : middle, POINTER]),
    ...used.map((index): Entry => [middle, index, index === 1 ? SECOND_LAST : last, POINTER]),
    ...used.map((index): Entry => [other, index, index === 2 ? last : SECOND_LAST, POINTER | 0x20]),
    ...used.map((index): Entry => [last, index, index + 5, LEAF]),
    ...used.map((index): Entry => [SECOND_LAST, index, index + 9, LEAF & ~0x10]),
    [Place.sv48x4, 0, Place.sv39x4, POINTER],
    [Place.sv39x4, 0, Place2.middle, POINTER],
    [Place2.middle, 0, Place2.last, POINTER],
    ...second.map((index): Entry => [Place2.last, index, index, LEAF]),
  ];
}

const page = fc.nat(PAGES - 1);
const index = fc.nat(USED - 1);
const entry = fc.record({
  kind: fc.constant('entry' as const),
  which: fc.nat(wholeTables().length - 1),
  target: fc.option(page),
  bits: fc.constantFrom(0x01, 0x21, 0xdf, 0xff, 0x5f, 0x9f, 0x1f, 0xcf, 0xd7, 0xd9, 0x00, 0xd5),
  high: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 1 << 29),
});
const space = fc.nat(7);
const walk = fc.record({
  kind: fc.constant('walk' as const),
  ...{ space, indices: fc.tuple(index, fc.nat(1), fc.nat(1), fc.nat(1)) },
  need: fc.constantFrom(Need.read, Need.write, Need.execute, Need.readExecutable),
});
const event = fc.oneof(
  { arbitrary: walk, weight: 30 },
  { arbitrary: entry, weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant('repair' as const) }), weight: 9 },
  { arbitrary: fc.record({ kind: fc.constant('hide' as const), page }), weight: 1 },
);

const stage1s = [
  { scheme: sv39, root: Place.sv39 },
  { scheme: sv48, root: SV48 },
];
const stage2s = [
  { scheme: sv39x4, root: Place.sv39x4 },
  { scheme: sv48x4, root: Place.sv48x4 },
  { scheme: sv48x4, root: Place.sv39x4 },
  undefined,
];

function spaceOf(number: number): WalkSpace {
  return {
    stage1: stage1s[number & 1],
    stage2: stage2s[(number >>> 1) % stage2s.length],
    user: (number & 4) !== 0,
    sum: true,
    stage1Mxr: false,
    stage2Mxr: false,
    stage1Records: (number & 2) !== 0,
    stage2Records: (number & 2) === 0,
  };
}

test('a walk that remembers paths tells and does what one does that reads every entry', (t) => {
  const seen = { found: 0, page: 0, guestPage: 0, access: 0 };
  const reads = [0, 0];
  fc.assert(
    fc.property(fc.array(event, { minLength: 100, maxLength: 200 }), (events) => {
      const walkers = [new Walker(true), new Walker(false)];
      const write = ([at, number, target, bits]: Entry, high = 0): void => {
        const words = [(target << 10) | bits, high];
        for (const { tables } of walkers) tables.words.set(words, (at * ENTRIES + number) * 2);
      };
      const repair = (): void => {
        for (const one of wholeTables()) write(one);
        for (const { tables } of walkers) tables.show();
      };
      repair();
      for (const happening of events) {
        if (happening.kind === 'repair') repair();
        else if (happening.kind === 'entry') {
          const [at, number, target] = wholeTables()[happening.which] ?? [0, 0, 0];
          write([at, number, happening.target ?? target, happening.bits], happening.high);
        } else if (happening.kind === 'hide') {
          for (const { tables } of walkers) tables.hide(happening.page);
        } else {
          const [a, b, c, d] = happening.indices;
          const number = a + ENTRIES * (b + ENTRIES * (c + ENTRIES * d));
          const asked = spaceOf(happening.space);
          const [one, other] = walkers.map((walker) => walker.walk(number, happening.need, asked));
          t.deepEqual(one, other);
          if (one !== undefined) seen[one.outcome] += 1;
        }
      }
      walkers.forEach(({ tables }, which) => {
        reads[which] = (reads[which] ?? 0) + tables.reads;
      });
    }),
    { numRuns: 120 },
  );
  t.log(JSON.stringify(seen), reads);
  for (const count of Object.values(seen)) t.true(count > 100);
  t.true((reads[0] ?? 0) < 0.95 * (reads[1] ?? 0));
});
