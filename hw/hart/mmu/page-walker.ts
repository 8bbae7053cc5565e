import {
  PAGE_BYTES,
  PAGE_SHIFT,
  PTE_BYTES,
  PteLayout,
  type TranslationScheme,
} from '../../isa/index.ts';
import { type FaultKind, Need } from './access.ts';
import { BARE_LEAF, LeafBit, leafNeeds, recordedBits, userNeeds } from './leaf.ts';

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
  /** Bits 31:0 and 63:32 of the entry that was read last. */
  readonly low: number;
  readonly high: number;
  /** Reads the entry at an offset into a physical page; `false` is an access fault. */
  read(page: number, offset: number): boolean;
  /** Sets bits of the lowest byte of an entry; `false` is an access fault. */
  mark(page: number, offset: number, bits: number): boolean;
}

/** How a walk ended. */
export type WalkOutcome = 'found' | FaultKind;

const PPN_SHIFT = PteLayout.ppnShift;
const ENTRY_HIGH_SHIFT = 32;
const PPN_HIGH_SHIFT = ENTRY_HIGH_SHIFT - PPN_SHIFT;
const PPN_HIGH_MASK = 2 ** (PteLayout.ppnBits - PPN_HIGH_SHIFT) - 1;
const PPN_HIGH_STEP = 2 ** PPN_HIGH_SHIFT;
const RESERVED_HIGH = Number(PteLayout.reserved >> BigInt(ENTRY_HIGH_SHIFT));
/** An entry with one of these is a leaf. */
const LEAF = LeafBit.read | LeafBit.execute;
/** U, A and D of an entry that points to a table are reserved, and so is W without R. */
const RESERVED_IN_POINTER = LeafBit.write | LeafBit.user | LeafBit.accessed | LeafBit.dirty;
const PAGE_ENTRIES_SHIFT = Math.log2(PAGE_BYTES / PTE_BYTES);
const PAGE_ENTRIES = PAGE_BYTES / PTE_BYTES;
/** Pages in an address space, by the width of its addresses; raising 2 to a power each time would be dear. */
const pagesIn: readonly number[] = Array.from(
  { length: 65 },
  (_, bits) => 2 ** (bits - PAGE_SHIFT),
);

function pageCount(addressBits: number): number {
  return pagesIn[addressBits] ?? 0;
}

/** A walk of two stages ends at one leaf of stage 2 for each table of stage 1, of which there are four at most, and one more. */
export const MOST_LEAVES = 5;

/** Of an address that is translated, the index into the table of a level. */
function indexOf(page: number, shift: number, bits: number): number {
  const shifted = shift + bits > 32 ? Math.floor(page / 2 ** shift) : page >>> shift;
  return shifted & ((1 << bits) - 1);
}

/** Whether an entry is invalid, whatever else it says. */
function isInvalid(low: number, high: number): boolean {
  return (low & LeafBit.valid) === 0 || (high & RESERVED_HIGH) !== 0;
}

/** The page that an entry names. */
function targetOf(low: number, high: number): number {
  // Nearly all memory lies where page numbers are small integers, with which calculating is faster.
  if (high === 0) return low >>> PPN_SHIFT;
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

  readonly #tables: TableMemory;
  /** Why the walk failed, once it has. */
  #fault: FaultKind = 'page';
  /** The leaf at the end of the last tree: its low bits, and the 4 KiB page inside its page. */
  #leafBits = 0;
  #leafPage = 0;
  #leafShift = 0;
  /** Where the entry of stage 1, and that of stage 2, is that was read last. */
  #table1 = 0;
  #offset1 = 0;
  #table2 = 0;
  #offset2 = 0;

  constructor(tables: TableMemory) {
    this.#tables = tables;
  }

  /** Translates the page of a virtual address (52 bits of it) for an access that needs something of it. */
  walk(page: number, need: Need, space: WalkSpace): WalkOutcome {
    this.leafCount = 0;
    this.stage1Reads = 0;
    this.stage2Reads = 0;
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
    const bits = this.#leafBits;
    const guestPage = this.#leafPage;
    this.stage1Bits = bits;
    this.stage1Shift = this.#leafShift;
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

  /** Goes down the tables of stage 1, which lie behind stage 2. */
  #descendStage1({ scheme, root }: TranslationTable, page: number, space: WalkSpace): boolean {
    const { levels, bitsPerLevel } = scheme;
    let table = root;
    let global = 0;
    for (let shift = (levels - 1) * bitsPerLevel; shift >= 0; shift -= bitsPerLevel) {
      const offset = indexOf(page, shift, bitsPerLevel) * PTE_BYTES;
      if (!this.#readStage1(table, offset, space)) return false;
      const { low, high } = this.#tables;
      if (isInvalid(low, high)) return this.#fail('page');
      const target = targetOf(low, high);
      global |= low & LeafBit.global;
      if ((low & LEAF) !== 0) {
        this.isGlobal = global !== 0;
        return this.#end(low & 0xff, target, page, shift) || this.#fail('page');
      }
      if ((low & RESERVED_IN_POINTER) !== 0) return this.#fail('page');
      table = target;
    }
    return this.#fail('page');
  }

  /** Reads an entry of stage 1 through stage 2; the walker's own reads obey neither MXR nor HLVX. */
  #readStage1(guestPage: number, offset: number, space: WalkSpace): boolean {
    this.stage1Reads += 1;
    this.#table1 = guestPage;
    this.#offset1 = offset;
    if (!this.#walkStage2(guestPage, Need.read, false, space)) return this.#failImplicitly();
    if (this.#tables.read(this.#leafPage, offset)) return true;
    this.#fault = 'access';
    return this.#failImplicitly();
  }

  /** Sets A and D in the entry of stage 1 that was read last: a store, which stage 2 has to allow (priv 12.3.1, Svadu). */
  #updateStage1(bits: number, space: WalkSpace): boolean {
    const { leafCount } = this;
    this.isUpdate = true;
    if (!this.#walkStage2(this.#table1, Need.write, false, space)) return this.#failImplicitly();
    // Its leaf is noted already, as that of the read.
    this.leafCount = leafCount;
    if (!this.#tables.mark(this.#leafPage, this.#offset1, bits)) {
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
    if (guestPage >= pageCount(stage2.scheme.addressBits)) return this.#fail('guestPage');
    if (!this.#descendStage2(stage2, guestPage)) return false;
    const bits = this.#leafBits;
    if ((bits & LeafBit.user) === 0) return this.#fail('guestPage');
    if ((leafNeeds(bits, mxr) & need) === 0) {
      const recorded = space.stage2Records ? recordedBits(bits, need) : bits;
      if ((leafNeeds(recorded, mxr) & need) === 0) return this.#fail('guestPage');
      if (!this.#tables.mark(this.#table2, this.#offset2, recorded)) return this.#fail('access');
      this.#leafBits = recorded;
    }
    this.leafPages[this.leafCount] = guestPage;
    this.leafShifts[this.leafCount] = this.#leafShift;
    this.leafCount += 1;
    return true;
  }

  /** Goes down the tables of stage 2. */
  #descendStage2({ scheme, root }: TranslationTable, page: number): boolean {
    const { levels, bitsPerLevel, rootExtraBits } = scheme;
    let shift = (levels - 1) * bitsPerLevel;
    const index = indexOf(page, shift, bitsPerLevel + rootExtraBits);
    // The root is four pages.
    let table = root + (index >>> PAGE_ENTRIES_SHIFT);
    let offset = (index & (PAGE_ENTRIES - 1)) * PTE_BYTES;
    for (;;) {
      this.stage2Reads += 1;
      if (!this.#tables.read(table, offset)) return this.#fail('access');
      const { low, high } = this.#tables;
      if (isInvalid(low, high)) return this.#fail('guestPage');
      const target = targetOf(low, high);
      if ((low & LEAF) !== 0) {
        this.#table2 = table;
        this.#offset2 = offset;
        return this.#end(low & 0xff, target, page, shift) || this.#fail('guestPage');
      }
      if ((low & RESERVED_IN_POINTER) !== 0 || shift === 0) return this.#fail('guestPage');
      shift -= bitsPerLevel;
      table = target;
      offset = indexOf(page, shift, bitsPerLevel) * PTE_BYTES;
    }
  }

  /** Completes a leaf: refuses W without R and a misaligned superpage, picks the 4 KiB page inside. */
  #end(bits: number, target: number, page: number, insideBits: number): boolean {
    if ((bits & (LeafBit.read | LeafBit.write)) === LeafBit.write) return false;
    const inside = (1 << insideBits) - 1;
    if ((target & inside) !== 0) return false;
    this.#leafBits = bits;
    this.#leafPage = target + (page & inside);
    this.#leafShift = PAGE_SHIFT + insideBits;
    return true;
  }

  #fail(fault: FaultKind): false {
    this.#fault = fault;
    return false;
  }

  /** The access to the entry of stage 1 that was read last has failed. */
  #failImplicitly(): false {
    this.guestPage = this.#table1;
    this.guestOffset = this.#offset1;
    this.isImplicit = true;
    return false;
  }
}

/** Whether the bits above a virtual address repeat its highest one. */
function isSignExtended(page: number, { addressBits }: TranslationScheme): boolean {
  const half = pageCount(addressBits - 1);
  return page < half || page >= pageCount(64) - half;
}
