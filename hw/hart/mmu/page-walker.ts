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
/** U, A and D of an entry that points to a table are reserved, and so is W without R. */
const RESERVED_IN_POINTER = LeafBit.write | LeafBit.user | LeafBit.accessed | LeafBit.dirty;
/** Pages in an address space, by the width of its addresses; raising 2 to a power each time would be dear. */
const pagesIn: readonly number[] = Array.from(
  { length: 65 },
  (_, bits) => 2 ** (bits - PAGE_SHIFT),
);

function pageCount(addressBits: number): number {
  return pagesIn[addressBits] ?? 0;
}

/** A walk of two stages ends at one leaf of stage 2 for each table of stage 1, of which there are four at most, and one more. */
const MOST_LEAVES = 5;

/** Of an address that is translated, the index into the table of a level. */
function indexOf(page: number, shift: number, bits: number): number {
  const shifted = shift + bits > 32 ? Math.floor(page / 2 ** shift) : page >>> shift;
  return shifted & ((1 << bits) - 1);
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
  /** The leaf at the end of the last tree: its low bits, and the 4 KiB page inside its page. */
  #leafBits = 0;
  #leafPage = 0;
  #leafShift = 0;
  #leafIsGlobal = false;
  /** Where the entry that was read last is. */
  #entryPage = 0;
  #entryOffset = 0;
  /** Guest physical page of the table of stage 1 that was read last. */
  #tablePage = 0;

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
    const failure = this.#walkStage1(page, need, space);
    if (failure !== 'found') return failure;
    const outcome = this.#walkStage2(this.guestPage, need, space.stage2Mxr, space);
    this.page = this.#leafPage;
    this.stage2Bits = this.#leafBits;
    return outcome;
  }

  /** Stage 1: leaves the guest page behind, with V=0 the physical one. */
  #walkStage1(page: number, need: Need, space: WalkSpace): WalkOutcome {
    const { stage1 } = space;
    if (stage1 === undefined) {
      this.guestPage = page;
      this.stage1Bits = BARE_LEAF;
      this.stage1Shift = PAGE_SHIFT;
      this.isGlobal = false;
      return 'found';
    }
    if (!isSignExtended(page, stage1.scheme)) return 'page';
    const outcome = this.#descend(stage1, page, space);
    if (outcome !== 'found') return outcome;
    const bits = this.#leafBits;
    const page1 = this.#leafPage;
    if ((userNeeds(bits, space.user, space.sum) & need) === 0) return 'page';
    this.stage1Bits = bits;
    this.stage1Shift = this.#leafShift;
    this.isGlobal = this.#leafIsGlobal;
    if ((leafNeeds(bits, space.stage1Mxr) & need) === 0) {
      const recorded = space.stage1Records ? recordedBits(bits, need) : bits;
      if ((leafNeeds(recorded, space.stage1Mxr) & need) === 0) return 'page';
      const update = this.#updateStage1(recorded, space);
      if (update !== 'found') return update;
      this.stage1Bits = recorded;
    }
    this.guestPage = page1;
    return 'found';
  }

  /** Sets A and D in the entry of stage 1 that was read last: a store, which stage 2 has to allow (priv 12.3.1, Svadu). */
  #updateStage1(bits: number, space: WalkSpace): WalkOutcome {
    const { leafCount } = this;
    const [table, offset] = [this.#tablePage, this.#entryOffset];
    let outcome = this.#walkStage2(table, Need.write, false, space);
    // Its leaf is noted already, as that of the read.
    this.leafCount = leafCount;
    if (outcome === 'found' && !this.#tables.mark(this.#leafPage, offset, bits)) outcome = 'access';
    if (outcome === 'found') return outcome;
    this.guestPage = table;
    this.guestOffset = offset;
    this.isImplicit = true;
    this.isUpdate = true;
    return outcome;
  }

  /** Stage 2, or the identity while it is bare. */
  #walkStage2(
    guestPage: number,
    need: Need,
    mxr: boolean,
    { stage2, stage2Records }: WalkSpace,
  ): WalkOutcome {
    if (stage2 === undefined) {
      this.#leafBits = BARE_LEAF;
      this.#leafPage = guestPage;
      return 'found';
    }
    if (guestPage >= pageCount(stage2.scheme.addressBits)) return 'guestPage';
    const outcome = this.#descend(stage2, guestPage, undefined);
    if (outcome !== 'found') return outcome === 'access' ? 'access' : 'guestPage';
    const bits = this.#leafBits;
    if ((bits & LeafBit.user) === 0) return 'guestPage';
    if ((leafNeeds(bits, mxr) & need) === 0) {
      const recorded = stage2Records ? recordedBits(bits, need) : bits;
      if ((leafNeeds(recorded, mxr) & need) === 0) return 'guestPage';
      if (!this.#tables.mark(this.#entryPage, this.#entryOffset, recorded)) return 'access';
      this.#leafBits = recorded;
    }
    this.leafPages[this.leafCount] = guestPage;
    this.leafShifts[this.leafCount] = this.#leafShift;
    this.leafCount += 1;
    return 'found';
  }

  /** Goes down one tree of tables; `nested` is the space whose stage 1 the tree is, `undefined` for a tree of stage 2. */
  #descend(
    { scheme, root }: TranslationTable,
    page: number,
    nested: WalkSpace | undefined,
  ): WalkOutcome {
    const { levels, bitsPerLevel, rootExtraBits } = scheme;
    let table = root;
    let global = 0;
    let indexBits = bitsPerLevel + rootExtraBits;
    for (let level = levels - 1; level >= 0; level--) {
      const offset = indexOf(page, level * bitsPerLevel, indexBits) * PTE_BYTES;
      const access =
        nested === undefined
          ? this.#readStage2(table, offset)
          : this.#readStage1(table, offset, nested);
      if (access !== 'found') return access;
      const { low, high } = this.#tables;
      if ((low & LeafBit.valid) === 0 || (high & RESERVED_HIGH) !== 0) return 'page';
      // Nearly all memory lies where page numbers are small integers, with which calculating is faster.
      const target =
        high === 0
          ? low >>> PPN_SHIFT
          : (low >>> PPN_SHIFT) + (high & PPN_HIGH_MASK) * PPN_HIGH_STEP;
      global |= low & LeafBit.global;
      if ((low & (LeafBit.read | LeafBit.execute)) !== 0) {
        this.#leafIsGlobal = global !== 0;
        return this.#end(low & 0xff, target, page, level * bitsPerLevel);
      }
      if ((low & RESERVED_IN_POINTER) !== 0) return 'page';
      table = target;
      indexBits = bitsPerLevel;
    }
    return 'page';
  }

  /** Completes a leaf: refuses W without R and a misaligned superpage, picks the 4 KiB page inside. */
  #end(bits: number, target: number, page: number, insideBits: number): WalkOutcome {
    if ((bits & (LeafBit.read | LeafBit.write)) === LeafBit.write) return 'page';
    const inside = (1 << insideBits) - 1;
    if ((target & inside) !== 0) return 'page';
    this.#leafBits = bits;
    this.#leafPage = target + (page & inside);
    this.#leafShift = PAGE_SHIFT + insideBits;
    return 'found';
  }

  /** Reads an entry of stage 1 through stage 2; the walker's own reads obey neither MXR nor HLVX. */
  #readStage1(guestPage: number, offset: number, space: WalkSpace): WalkOutcome {
    this.stage1Reads += 1;
    let outcome = this.#walkStage2(guestPage, Need.read, false, space);
    this.#tablePage = guestPage;
    this.#entryOffset = offset;
    if (outcome === 'found' && !this.#tables.read(this.#leafPage, offset)) outcome = 'access';
    if (outcome === 'found') return outcome;
    this.guestPage = guestPage;
    this.guestOffset = offset;
    this.isImplicit = true;
    return outcome;
  }

  #readStage2(page: number, offset: number): WalkOutcome {
    this.stage2Reads += 1;
    // The root of stage 2 is four pages.
    const inRoot = offset >>> PAGE_SHIFT;
    this.#entryPage = page + inRoot;
    this.#entryOffset = offset & (PAGE_BYTES - 1);
    return this.#tables.read(this.#entryPage, this.#entryOffset) ? 'found' : 'access';
  }
}

/** Whether the bits above a virtual address repeat its highest one. */
function isSignExtended(page: number, { addressBits }: TranslationScheme): boolean {
  const half = pageCount(addressBits - 1);
  return page < half || page >= pageCount(64) - half;
}
