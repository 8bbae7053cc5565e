import {
  COST_SHIFT,
  MOST_NOTES,
  MOST_STAGE1_READS,
  NEEDS_BYTES,
  PATH_COUNT,
  PATH_PAGE_BITS,
  pathNote,
  pathPlace,
  REGION_SHIFT,
  regimeRecord,
  tablePath,
  tlbFlag,
  tlbMix,
  translationOffsets,
  walkCost,
} from '../../engine/index.ts';
import { PAGE_SHIFT, PTE_BYTES } from '../../isa/index.ts';
import type { Pmp } from '../../pmc/index.ts';
import { Need } from './access.ts';
import { BARE_LEAF, EntryKind, entryKinds, LeafBit, leafNeeds, userNeeds } from './leaf.ts';
import type { PageWalker, TranslationTable } from './page-walker.ts';
import type { Regime } from './regime.ts';

/** What walks that generated code makes cost. */
export interface WalkTiming {
  /** Cycles of a walk, by the stage on whose behalf they pass. */
  readonly cycles: (
    stage1Reads: number,
    stage2Reads: number,
  ) => { readonly stage1: number; readonly stage2: number };
  /** Where they are booked: offsets in bytes among the leaves of a mode. */
  readonly stage1Leaf: number;
  readonly stage2Leaf: number;
}

/** Physical pages that are RAM and protected alike. */
export interface DirectStretch {
  readonly firstPage: number;
  readonly pageCount: number;
  /** Where the first begins in the machine's memory. */
  readonly offset: number;
  /** Set of needs that protection grants. */
  readonly granted: number;
}

const WORD = Int32Array.BYTES_PER_ELEMENT;
const NUMBER = Float64Array.BYTES_PER_ELEMENT;
const NO_ROOT = -1;
const NO_REGION = -1;
const PAGE_LIMIT = 2 ** PATH_PAGE_BITS;
const INDEX_MASK = 2 ** REGION_SHIFT - 1;
const LEVELS_SHIFT = 4;
const CHECKED = 1 << (2 * LEVELS_SHIFT);

function levelsOf(table: TranslationTable | undefined): number {
  return table?.scheme.levels ?? 0;
}

function rootOf(table: TranslationTable | undefined): number {
  return table?.root ?? NO_ROOT;
}

/** A path that is to be kept, as far as the trail of the walk does not say it. */
interface Path {
  readonly page: number;
  readonly root1: number;
  readonly root2: number;
  readonly kind: number;
  /** Which entries of the trail are on it; the last is where it leads. */
  readonly from: number;
  readonly to: number;
  /** Bits of the page offset of what the last maps. */
  readonly shift: number;
  readonly seen: number;
  readonly stage1Reads: number;
  readonly stage2Reads: number;
  readonly leafCount: number;
}

/** Tells generated code how to translate by itself: what regimes are like, and on which ways walks came to entries of tables. */
export class DirectWalks {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #pmp: Pmp;

  /** Writes what never changes into the translation unit's memory, which begins at `start`. */
  constructor(buffer: ArrayBuffer, start: number, pmp: Pmp, timing: WalkTiming) {
    this.#words = new Int32Array(buffer);
    this.#numbers = new Float64Array(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#start = start;
    this.#pmp = pmp;
    const { stage1Needs, stage2Needs, costs, stage1Paths, stage2Paths } = translationOffsets;
    for (let bits = 0; bits < NEEDS_BYTES; bits += 1) {
      for (const mxr of [0, 1]) {
        const needs = entryKinds[bits] === EntryKind.leaf ? leafNeeds(bits, mxr !== 0) : 0;
        const place = start + mxr * NEEDS_BYTES + bits;
        this.#bytes[place + stage1Needs] = needs;
        this.#bytes[place + stage2Needs] = (bits & LeafBit.user) === 0 ? 0 : needs;
      }
    }
    for (let number = 0; number < (MOST_STAGE1_READS + 1) << COST_SHIFT; number += 1) {
      const stage1Reads = number >>> COST_SHIFT;
      const cycles = timing.cycles(stage1Reads, number - (stage1Reads << COST_SHIFT));
      const place = start + costs + number * walkCost.bytes;
      this.#put(place + walkCost.stage1, cycles.stage1);
      this.#put(place + walkCost.stage2, cycles.stage2);
    }
    for (const [name, value] of [
      ['stage1Leaf', timing.stage1Leaf],
      ['stage2Leaf', timing.stage2Leaf],
      ['bareBits', BARE_LEAF],
      ['readNeed', Need.read],
      ['writeNeed', Need.write],
    ] as const) {
      this.#put(start + translationOffsets[name], value);
    }
    for (let place = 0; place < PATH_COUNT; place += 1) {
      const path = start + place * tablePath.bytes + tablePath.region;
      this.#put(path + stage1Paths, NO_REGION);
      this.#put(path + stage2Paths, NO_REGION);
    }
  }

  /** Whether a record has been written. */
  isArmed(record: number): boolean {
    return this.#get(record + regimeRecord.isArmed) !== 0;
  }

  /** Whether a record says how to get to a physical page. */
  isGuided(record: number, page: number): boolean {
    if (!this.isArmed(record)) return false;
    const firstPage = this.#get(record + regimeRecord.firstPage);
    return page >= firstPage && page < firstPage + this.#get(record + regimeRecord.pageCount);
  }

  /** Writes a record, or the stretch alone where the rest is there. */
  guide(record: number, regime: Regime, stretch: DirectStretch): void {
    const { firstPage, pageCount } = stretch;
    if (firstPage + pageCount >= PAGE_LIMIT || pageCount <= 0) return;
    if (!this.isArmed(record) && !this.#describe(record, regime)) return;
    this.#put(record + regimeRecord.firstPage, firstPage);
    this.#put(record + regimeRecord.pageCount, pageCount);
    this.#put(record + regimeRecord.offset, stretch.offset);
    this.#put(record + regimeRecord.granted, stretch.granted);
  }

  /** Writes all of a record but the stretch; `false` if it cannot say what the regime is like. */
  #describe(record: number, regime: Regime): boolean {
    const { stage1, stage2, user, sum, virtual, tag, globalTag } = regime;
    const root1 = rootOf(stage1);
    const root2 = rootOf(stage2);
    if (root1 >= PAGE_LIMIT || root2 >= PAGE_LIMIT) return false;
    const kind = this.#kindOf(regime);
    const put = (place: number, value: number): void => {
      this.#put(record + place, value);
    };
    put(regimeRecord.mix, tlbMix(tag));
    put(regimeRecord.globalMix, tlbMix(globalTag));
    put(regimeRecord.permissionCode, regime.permissionCode);
    put(regimeRecord.protection, this.#pmp.generation);
    put(regimeRecord.roots, root1);
    put(regimeRecord.roots + WORD, root2);
    put(regimeRecord.stage2Roots, NO_ROOT);
    put(regimeRecord.stage2Roots + WORD, root2);
    put(regimeRecord.kind, kind);
    put(regimeRecord.stage2Kind, withoutStage1(kind));
    put(regimeRecord.hasStage1, stage1 === undefined ? 0 : 1);
    put(regimeRecord.hasStage2, stage2 === undefined ? 0 : 1);
    put(regimeRecord.stage1Needs, this.#needs('stage1Needs', regime.stage1Mxr));
    put(regimeRecord.stage2Needs, this.#needs('stage2Needs', regime.stage2Mxr));
    put(regimeRecord.userNeeds, userNeeds(LeafBit.user, user, sum));
    put(regimeRecord.supervisorNeeds, userNeeds(0, user, sum));
    put(regimeRecord.asid, regime.asid);
    put(regimeRecord.vmid, regime.vmid);
    put(
      regimeRecord.flags,
      (virtual ? tlbFlag.virtual : 0) | (stage1 === undefined ? 0 : tlbFlag.hasStage1),
    );
    this.#numbers[(record + regimeRecord.tag) / NUMBER] = tag;
    this.#numbers[(record + regimeRecord.globalTag) / NUMBER] = globalTag;
    put(regimeRecord.isArmed, 1);
    return true;
  }

  /** Remembers the ways that a walk to a page took, of which nothing was changed. */
  keep(page: number, regime: Regime, walker: PageWalker): void {
    const { stage1, stage2 } = regime;
    const { guestPage, stage1ReadCount, readCount, leafCount, leafShifts } = walker;
    if (page >= PAGE_LIMIT || guestPage >= PAGE_LIMIT) return;
    const kind = this.#kindOf(regime);
    const [root1, root2] = [rootOf(stage1), rootOf(stage2)];
    const ownReads = readCount - stage1ReadCount;
    if (stage1 !== undefined) {
      this.#keep(translationOffsets.stage1Paths, walker, {
        page,
        root1,
        root2,
        kind,
        from: 0,
        to: stage1ReadCount - 1,
        shift: walker.stage1Shift,
        seen: walker.pointerBits,
        stage1Reads: walker.stage1Reads,
        stage2Reads: walker.stage2Reads - ownReads,
        leafCount: stage2 === undefined ? 0 : leafCount - 1,
      });
    }
    if (stage2 === undefined) return;
    this.#keep(translationOffsets.stage2Paths, walker, {
      page: guestPage,
      root1: NO_ROOT,
      root2,
      kind: withoutStage1(kind),
      from: stage1ReadCount,
      to: readCount - 1,
      shift: leafShifts[leafCount - 1] ?? 0,
      seen: 0,
      stage1Reads: 0,
      stage2Reads: ownReads,
      leafCount: 0,
    });
  }

  #keep(paths: number, { trail, leafPages, leafShifts }: PageWalker, path: Path): void {
    const { page, root1, root2, kind, from, to, shift, leafCount } = path;
    const { seen, stage1Reads, stage2Reads } = path;
    const region = Math.floor(page / 2 ** REGION_SHIFT);
    const start = this.#start + paths + pathPlace(region, root1, root2) * tablePath.bytes;
    const noteCount = to - from;
    if (noteCount > MOST_NOTES) return;
    const last = (trail[to] ?? 0) * WORD;
    const isTable = shift === PAGE_SHIFT;
    const put = (place: number, value: number): void => {
      this.#put(start + place, value);
    };
    put(tablePath.region, region);
    put(tablePath.protection, this.#pmp.generation);
    put(tablePath.root1, root1);
    put(tablePath.root2, root2);
    put(tablePath.kind, kind);
    put(tablePath.noteCount, noteCount);
    put(tablePath.entries, isTable ? last - (page & INDEX_MASK) * PTE_BYTES : last);
    put(tablePath.indexMask, isTable ? INDEX_MASK : 0);
    put(tablePath.insideMask, 2 ** (shift - PAGE_SHIFT) - 1);
    put(tablePath.shift, shift);
    put(tablePath.seen, seen);
    put(tablePath.stage1Reads, stage1Reads);
    put(tablePath.stage2Reads, stage2Reads);
    put(tablePath.leafCount, leafCount);
    for (let number = 0; number < noteCount; number += 1) {
      const word = trail[from + number] ?? 0;
      const note = start + tablePath.notes + number * pathNote.bytes;
      this.#put(note + pathNote.address, word * WORD);
      this.#put(note + pathNote.value, this.#words[word] ?? 0);
      this.#put(note + pathNote.value + WORD, this.#words[word + 1] ?? 0);
    }
    for (let leaf = 0; leaf < leafCount; leaf += 1) {
      this.#numbers[(start + tablePath.leafPages) / NUMBER + leaf] = leafPages[leaf] ?? 0;
      this.#bytes[start + tablePath.leafShifts + leaf] = leafShifts[leaf] ?? 0;
    }
  }

  /** Levels of both stages, and whether the walker's reads are checked as the guest's. */
  #kindOf({ stage1, stage2, virtual }: Regime): number {
    const isChecked = virtual && this.#pmp.options.walker === 'checked';
    return (levelsOf(stage2) << LEVELS_SHIFT) | levelsOf(stage1) | (isChecked ? CHECKED : 0);
  }

  /** Where the table of the needs of a stage's leaves is. */
  #needs(name: 'stage1Needs' | 'stage2Needs', mxr: boolean): number {
    return this.#start + translationOffsets[name] + (mxr ? NEEDS_BYTES : 0);
  }

  #get(address: number): number {
    return this.#words[address / WORD] ?? 0;
  }

  #put(address: number, value: number): void {
    this.#words[address / WORD] = value;
  }
}

function withoutStage1(kind: number): number {
  return kind & -(2 ** LEVELS_SHIFT);
}
