import type { TranslationTable } from './page-walker.ts';

/** Leaves of stage 2 that a walk depended on, by guest physical page number and bits of page offset. */
export interface Leaves {
  leafCount: number;
  readonly leafPages: Float64Array;
  readonly leafShifts: Uint8Array;
}

/** How one walk came to the last table of stage 1. */
export interface Path extends Leaves {
  stage1: TranslationTable | undefined;
  stage2: TranslationTable | undefined;
  /** `epoch` of the memory in which it was walked. */
  epoch: number;
  /** Entries that were read, of both stages, and of stage 2. */
  entryCount: number;
  stage2Reads: number;
  /** The low bits of those of stage 1, or-ed: whether one is global. */
  seen: number;
  /** Number of the last table's page, for the guest and in memory. */
  table: number;
  frame: number;
}

const SLOTS = 64;
const SLOT_MASK = SLOTS - 1;
/** Entries on the longest path, through Sv48 and Sv48x4: four tables behind four each, of which the last is not yet read. */
const MOST_ENTRIES = 19;
/** Of an entry: where it is, and both its halves. */
const NOTE_WORDS = 3;
const SLOT_WORDS = MOST_ENTRIES * NOTE_WORDS;
/** Tables of the last level translate so many bits of a page's number. */
const REGION_SHIFT = 9;
/** Paths to pages above are not remembered: small integers are faster. */
const LAST_PAGE = 0x7fff_ffff;
const MOST_LEAVES = 4;
const NOWHERE = -1;

/** A path with nothing on it. */
export function emptyPath(): Path {
  return {
    stage1: undefined,
    stage2: undefined,
    epoch: -1,
    entryCount: 0,
    stage2Reads: 0,
    seen: 0,
    table: 0,
    frame: 0,
    leafCount: 0,
    leafPages: new Float64Array(MOST_LEAVES),
    leafShifts: new Uint8Array(MOST_LEAVES),
  };
}

/**
 * Remembers on which ways walks came to tables of the last level, most of the many reads of a walk of two stages. A way
 * leads to the same table again while every entry on it reads the same, which is asked each time; so nothing but speed depends on
 * what is remembered.
 */
export class TablePaths {
  readonly #words: Int32Array;
  readonly #paths = Array.from({ length: SLOTS }, emptyPath);
  /** The region of each path: what its last table translates. */
  readonly #regions = new Int32Array(SLOTS).fill(NOWHERE);
  readonly #notes = new Int32Array(SLOTS * SLOT_WORDS);

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** The path from the roots to the table that translates a page, if it is known and still holds. */
  find(
    page: number,
    stage1: TranslationTable,
    stage2: TranslationTable | undefined,
    epoch: number,
  ): Path | undefined {
    const place = placeOf(page, stage1, stage2);
    if (this.#regions[place] !== page >>> REGION_SHIFT || page > LAST_PAGE) return undefined;
    const path = this.#paths[place];
    if (path?.stage1 !== stage1 || path.stage2 !== stage2 || path.epoch !== epoch) return undefined;
    const words = this.#words;
    const notes = this.#notes;
    let note = place * SLOT_WORDS;
    for (const end = note + path.entryCount * NOTE_WORDS; note < end; note += NOTE_WORDS) {
      const word = notes[note] ?? 0;
      if (words[word] !== notes[note + 1] || words[word + 1] !== notes[note + 2]) return undefined;
    }
    return path;
  }

  /** Remembers the path to the table that translates a page; `trail` says where the entries on it are. */
  keep(page: number, path: Path, trail: Int32Array): void {
    const { stage1, stage2, entryCount } = path;
    if (page > LAST_PAGE || stage1 === undefined) return;
    const place = placeOf(page, stage1, stage2);
    const kept = this.#paths[place];
    if (kept === undefined) return;
    const words = this.#words;
    let note = place * SLOT_WORDS;
    for (let entry = 0; entry < entryCount; entry += 1) {
      const word = trail[entry] ?? 0;
      this.#notes[note] = word;
      this.#notes[note + 1] = words[word] ?? 0;
      this.#notes[note + 2] = words[word + 1] ?? 0;
      note += NOTE_WORDS;
    }
    this.#regions[place] = page >>> REGION_SHIFT;
    kept.stage1 = stage1;
    kept.stage2 = stage2;
    kept.epoch = path.epoch;
    kept.entryCount = entryCount;
    kept.stage2Reads = path.stage2Reads;
    kept.seen = path.seen;
    kept.table = path.table;
    kept.frame = path.frame;
    copyLeaves(path, kept);
  }
}

/** Copies the leaves of stage 2 that a path depends on. */
export function copyLeaves(from: Leaves, to: Leaves): void {
  const { leafCount, leafPages, leafShifts } = from;
  to.leafCount = leafCount;
  for (let leaf = 0; leaf < leafCount; leaf += 1) {
    to.leafPages[leaf] = leafPages[leaf] ?? 0;
    to.leafShifts[leaf] = leafShifts[leaf] ?? 0;
  }
}

function placeOf(
  page: number,
  stage1: TranslationTable,
  stage2: TranslationTable | undefined,
): number {
  return ((page >>> REGION_SHIFT) ^ stage1.root ^ (stage2?.root ?? 0)) & SLOT_MASK;
}
