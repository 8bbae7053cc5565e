import { MOST_LEAVES } from '../../engine/index.ts';
import {
  PAGE_BYTES,
  PAGE_SHIFT,
  PTE_BYTES,
  PteLayout,
  type TranslationScheme,
} from '../../isa/index.ts';
import { type FaultKind, Need } from './access.ts';
import {
  BARE_LEAF,
  EntryKind,
  entryKinds,
  LeafBit,
  leafNeeds,
  recordedBits,
  userNeeds,
} from './leaf.ts';

/** The table that one stage begins with. */
export interface TranslationTable {
  readonly scheme: TranslationScheme;
  /** Physical page number of the root. */
  readonly root: number;
}

/** Everything a walk depends on besides the address and what the access needs. */
export interface WalkSpace {
  /** The table of stage 1 (`satp` or `vsatp`); `undefined` while that stage is bare. */
  readonly stage1: TranslationTable | undefined;
  /** The table of stage 2 (`hgatp`); `undefined` for V=0 and while that stage is bare. */
  readonly stage2: TranslationTable | undefined;
  /** The access is made with effective privilege U (or VU). */
  readonly user: boolean;
  /** S mode may touch user pages: `sstatus.SUM`, for guests `vsstatus.SUM`. */
  readonly sum: boolean;
  /** Execute makes readable in stage 1: `sstatus.MXR`, for guests also `vsstatus.MXR` (priv 18.4.1). */
  readonly stage1Mxr: boolean;
  /** Execute makes readable in stage 2: `sstatus.MXR`, not `vsstatus.MXR`. */
  readonly stage2Mxr: boolean;
  /** Hardware sets A and D in the tables of each stage, where their absence is all that stands against an access (Svadu). */
  readonly stage1Records: boolean;
  readonly stage2Records: boolean;
}

/** Physical memory as the walker reads and marks it: entries of 8 bytes, in two signed halves. */
export interface TableMemory {
  /** The memory: of an entry, bits 31:0 and behind them bits 63:32. */
  readonly words: Int32Array;
  /** By the low bits of a page's number, in turn: a page of which all may be read, and where it begins in `words`. */
  readonly known: Int32Array;
  /** Where an entry of another page begins, by its number in the page; negative is an access fault. */
  find(page: number, index: number): number;
  /** Sets bits of the lowest byte of an entry; `false` is an access fault. */
  mark(page: number, index: number, bits: number): boolean;
}

/** How many pages `TableMemory.known` knows at a time. */
export const KNOWN_PAGES = 512;

/** How a walk ended. */
export type WalkOutcome = 'found' | FaultKind;

const PPN_SHIFT = PteLayout.ppnShift;
const ENTRY_HIGH_SHIFT = 32;
const PPN_HIGH_SHIFT = ENTRY_HIGH_SHIFT - PPN_SHIFT;
const PPN_HIGH_MASK = 2 ** (PteLayout.ppnBits - PPN_HIGH_SHIFT) - 1;
const PPN_HIGH_STEP = 2 ** PPN_HIGH_SHIFT;
const RESERVED_HIGH = Number(PteLayout.reserved >> BigInt(ENTRY_HIGH_SHIFT));
const KNOWN_MASK = KNOWN_PAGES - 1;
const ENTRY_WORDS = PTE_BYTES / Int32Array.BYTES_PER_ELEMENT;
const INDEX_BITS = Math.log2(PAGE_BYTES / PTE_BYTES);
const INDEX_MASK = PAGE_BYTES / PTE_BYTES - 1;
const LOW_BITS = 0xff;

/** Pages in an address space, by the width of its addresses; raising 2 to a power each time would be dear. */
const pagesIn: readonly number[] = Array.from(
  { length: 65 },
  (_, bits) => 2 ** (bits - PAGE_SHIFT),
);

function pageCount(addressBits: number): number {
  return pagesIn[addressBits] ?? 0;
}

/** More entries than any walk reads: Sv48 through Sv48x4 takes 24. */
const MOST_READS = 32;

/** Of an address that is translated, what is above the bits that the tables below one translate. */
function aboveOf(page: number, shift: number, bits: number): number {
  return shift + bits > 32 ? Math.floor(page / 2 ** shift) : page >>> shift;
}

/** The page that an entry names, in the unlikely case that its number is large. */
function distantPage(low: number, high: number): number {
  return (low >>> PPN_SHIFT) + (high & PPN_HIGH_MASK) * PPN_HIGH_STEP;
}

/**
 * Walks the tables of one access at a time, through one or two stages (priv 12.3.2, priv 18.5). Nothing but table entries is
 * touched, and nothing is kept from one walk to the next: what the fields tell is about the last.
 */
export class PageWalker {
  /** Physical page number of the 4 KiB page, whatever the size of the leaves. */
  page = 0;
  /** Guest physical page number of that page, with V=1; of a failed walk, the one whose translation or access failed. */
  guestPage = 0;
  /** Of a walk that failed at a table of stage 1, where in `guestPage` the entry is. */
  guestOffset = 0;
  /** The failure hit an access to a table of stage 1, not the access itself. */
  isImplicit = false;
  /** That access was to set A or D there. */
  isUpdate = false;
  /** Low 8 bits of stage 1's leaf entry; all permissions while that stage is bare. */
  stage1Bits = 0;
  /** Low 8 bits of stage 2's leaf entry for the final address; all permissions while that stage is bare. */
  stage2Bits = 0;
  /** Bits of stage 1's page offset: 12, 21, 30 or 39. */
  stage1Shift = 0;
  /** The mapping exists in all address spaces. */
  isGlobal = false;
  /** Entries that were read of the tables of each stage. */
  stage1Reads = 0;
  stage2Reads = 0;
  /** Leaves of stage 2 that the walk depended on, by guest physical page number and bits of page offset. */
  leafCount = 0;
  readonly leafPages = new Float64Array(MOST_LEAVES);
  readonly leafShifts = new Uint8Array(MOST_LEAVES);
  /** Where in `TableMemory.words` the entries were that were read, in order, and how many of them up to the leaf of stage 1. */
  readonly trail = new Int32Array(MOST_READS);
  readCount = 0;
  stage1ReadCount = 0;
  /** The low bits of the pointers of stage 1, or-ed. */
  pointerBits = 0;

  readonly #tables: TableMemory;
  /** Why the walk failed, once it has. */
  #fault: FaultKind = 'page';
  /** The leaf at the end of the last tree: its low bits, and the 4 KiB page inside its page. */
  #leafBits = 0;
  #leafPage = 0;
  /** Where the entry of stage 1 is that was read last. */
  #table1 = 0;
  #index1 = 0;

  constructor(tables: TableMemory) {
    this.#tables = tables;
  }

  /** Translates the page of a virtual address (52 bits of it) for an access that needs something of it. */
  walk(page: number, need: Need, space: WalkSpace): WalkOutcome {
    this.leafCount = 0;
    this.stage1Reads = 0;
    this.stage2Reads = 0;
    this.readCount = 0;
    this.stage1ReadCount = 0;
    this.isImplicit = false;
    this.isUpdate = false;
    if (!this.#walkStage1(page, need, space)) return this.#fault;
    if (!this.#walkStage2(this.guestPage, need, space.stage2Mxr, space)) return this.#fault;
    this.page = this.#leafPage;
    this.stage2Bits = this.#leafBits;
    return 'found';
  }

  /** Stage 1: leaves the guest page behind, with V=0 the physical one. */
  #walkStage1(page: number, need: Need, space: WalkSpace): boolean {
    const { stage1 } = space;
    if (stage1 === undefined) {
      this.guestPage = page;
      this.stage1Bits = BARE_LEAF;
      this.stage1Shift = PAGE_SHIFT;
      this.isGlobal = false;
      return true;
    }
    if (!isSignExtended(page, stage1.scheme)) return this.#fail('page');
    if (!this.#descendStage1(stage1, page, space)) return false;
    const bits = this.stage1Bits;
    const guestPage = this.#leafPage;
    if ((userNeeds(bits, space.user, space.sum) & need) === 0) return this.#fail('page');
    if ((leafNeeds(bits, space.stage1Mxr) & need) === 0) {
      const recorded = space.stage1Records ? recordedBits(bits, need) : bits;
      if ((leafNeeds(recorded, space.stage1Mxr) & need) === 0) return this.#fail('page');
      if (!this.#updateStage1(recorded, space)) return false;
      this.stage1Bits = recorded;
    }
    this.guestPage = guestPage;
    return true;
  }

  // The descents below are most of what a TLB miss takes of the host, which is why they are written at length.

  /** Goes down the tables of stage 1, which lie behind stage 2; the walker's own reads obey neither MXR nor HLVX. */
  #descendStage1({ scheme, root }: TranslationTable, page: number, space: WalkSpace): boolean {
    const { levels, bitsPerLevel } = scheme;
    const tables = this.#tables;
    const { words, known } = tables;
    let shift = (levels - 1) * bitsPerLevel;
    let table = root;
    let index = aboveOf(page, shift, bitsPerLevel) & INDEX_MASK;
    let seen = 0;
    for (;;) {
      this.stage1Reads += 1;
      this.#table1 = table;
      this.#index1 = index;
      if (!this.#walkStage2(table, Need.read, false, space)) return this.#failImplicitly();
      const frame = this.#leafPage;
      const place = (frame & KNOWN_MASK) * 2;
      const word =
        known[place] === frame
          ? (known[place + 1] ?? 0) + index * ENTRY_WORDS
          : tables.find(frame, index);
      if (word < 0) {
        this.#fault = 'access';
        return this.#failImplicitly();
      }
      this.trail[this.readCount] = word;
      this.readCount += 1;
      const low = words[word] ?? 0;
      const high = words[word + 1] ?? 0;
      const kind = (high & RESERVED_HIGH) === 0 ? entryKinds[low & LOW_BITS] : EntryKind.invalid;
      const target = high === 0 ? low >>> PPN_SHIFT : distantPage(low, high);
      if (kind === EntryKind.leaf) {
        const inside = (1 << shift) - 1;
        if ((target & inside) !== 0) return this.#fail('page');
        this.stage1Bits = low & LOW_BITS;
        this.stage1Shift = PAGE_SHIFT + shift;
        this.isGlobal = ((seen | low) & LeafBit.global) !== 0;
        this.stage1ReadCount = this.readCount;
        this.pointerBits = seen & LOW_BITS;
        this.#leafPage = target + (page & inside);
        return true;
      }
      if (kind === EntryKind.invalid || shift === 0) return this.#fail('page');
      seen |= low;
      shift -= bitsPerLevel;
      table = target;
      index = (page >>> shift) & INDEX_MASK;
    }
  }

  /** Sets A and D in the entry of stage 1 that was read last: a store, which stage 2 has to allow (priv 12.3.1, Svadu). */
  #updateStage1(bits: number, space: WalkSpace): boolean {
    const { leafCount } = this;
    this.isUpdate = true;
    if (!this.#walkStage2(this.#table1, Need.write, false, space)) return this.#failImplicitly();
    // Its leaf is noted already, as that of the read.
    this.leafCount = leafCount;
    if (!this.#tables.mark(this.#leafPage, this.#index1, bits)) {
      this.#fault = 'access';
      return this.#failImplicitly();
    }
    this.isUpdate = false;
    return true;
  }

  /** Stage 2, or the identity while it is bare: leaves the physical page behind. */
  #walkStage2(guestPage: number, need: Need, mxr: boolean, space: WalkSpace): boolean {
    const { stage2 } = space;
    if (stage2 === undefined) {
      this.#leafBits = BARE_LEAF;
      this.#leafPage = guestPage;
      return true;
    }
    const { levels, bitsPerLevel, rootExtraBits, addressBits } = stage2.scheme;
    if (guestPage >= pageCount(addressBits)) return this.#fail('guestPage');
    const tables = this.#tables;
    const { words, known } = tables;
    let shift = (levels - 1) * bitsPerLevel;
    const above = aboveOf(guestPage, shift, bitsPerLevel + rootExtraBits);
    // The root is four pages.
    let table = stage2.root + (above >>> INDEX_BITS);
    let index = above & INDEX_MASK;
    let { readCount } = this;
    for (;;) {
      this.stage2Reads += 1;
      const place = (table & KNOWN_MASK) * 2;
      const word =
        known[place] === table
          ? (known[place + 1] ?? 0) + index * ENTRY_WORDS
          : tables.find(table, index);
      if (word < 0) return this.#fail('access');
      this.trail[readCount] = word;
      readCount += 1;
      const low = words[word] ?? 0;
      const high = words[word + 1] ?? 0;
      const kind = (high & RESERVED_HIGH) === 0 ? entryKinds[low & LOW_BITS] : EntryKind.invalid;
      const target = high === 0 ? low >>> PPN_SHIFT : distantPage(low, high);
      if (kind === EntryKind.leaf) {
        const inside = (1 << shift) - 1;
        if ((target & inside) !== 0) return this.#fail('guestPage');
        this.#leafPage = target + (guestPage & inside);
        this.#leafBits = low & LOW_BITS;
        break;
      }
      if (kind === EntryKind.invalid || shift === 0) return this.#fail('guestPage');
      shift -= bitsPerLevel;
      table = target;
      index = (guestPage >>> shift) & INDEX_MASK;
    }
    this.readCount = readCount;
    const bits = this.#leafBits;
    if ((bits & LeafBit.user) === 0) return this.#fail('guestPage');
    if ((leafNeeds(bits, mxr) & need) === 0) {
      const recorded = space.stage2Records ? recordedBits(bits, need) : bits;
      if ((leafNeeds(recorded, mxr) & need) === 0) return this.#fail('guestPage');
      if (!tables.mark(table, index, recorded)) return this.#fail('access');
      this.#leafBits = recorded;
    }
    const leaf = this.leafCount;
    this.leafPages[leaf] = guestPage;
    this.leafShifts[leaf] = PAGE_SHIFT + shift;
    this.leafCount = leaf + 1;
    return true;
  }

  #fail(fault: FaultKind): false {
    this.#fault = fault;
    return false;
  }

  /** The access to the entry of stage 1 that was read last has failed. */
  #failImplicitly(): false {
    this.guestPage = this.#table1;
    this.guestOffset = this.#index1 * PTE_BYTES;
    this.isImplicit = true;
    return false;
  }
}

/** Whether the bits above a virtual address repeat its highest one. */
function isSignExtended(page: number, { addressBits }: TranslationScheme): boolean {
  const half = pageCount(addressBits - 1);
  return page < half || page >= pageCount(64) - half;
}
