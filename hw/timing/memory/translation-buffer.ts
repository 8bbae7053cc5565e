import type { MemoryParameters } from './memory-parameters.ts';
import { PseudoLru } from './pseudo-lru.ts';
import type { StateArea } from './state-area.ts';
import type { WalkTrace } from './walk-trace.ts';

const PAGE_SHIFT = 12;
const NONE = -1;
/** The tag of an entry without a page. */
const EMPTY = -1;
/** Pages of which the entries are remembered: a power of two. */
const RECENT = 256;

/**
 * Pages that were found lately as generated code finds them: at the page, exclusive or its bits above `fold`, modulo `count` a record of its key (a number of 64 bits),
 * then words, of the bits of both replacement orders that stay and that are set when it is found once more.
 */
export const recentPages = {
  count: RECENT,
  fold: 8,
  bytes: 24,
  kept: 8,
  set: 12,
  largeKept: 16,
  largeSet: 20,
} as const;
/** By bits of page offset: how many pages of 4 KiB a larger page is. */
const PAGES = Float64Array.from({ length: 64 }, (_, shift) => 2 ** (shift - PAGE_SHIFT));
const KEYS = recentPages.bytes / 8;
const MASKS = recentPages.bytes / 4;
const UNCHANGED = { kept: -1, set: 0 } as const;

/** Where generated code finds a TLB in the machine's memory. */
export interface TranslationPlaces {
  readonly recent: number;
  readonly order: number;
  readonly largeOrder: number;
}

/** Neighbours differ, and pages that lie far apart often do. */
function recentPlace(page: number): number {
  return (page ^ (page >>> recentPages.fold)) & (RECENT - 1);
}

/** What the key of a page is made of: a guest's page is not that of the others. */
function keyOf(page: number, isVirtual: boolean): number {
  return 2 * page + (isVirtual ? 1 : 0);
}

/** What a fence asks for; nothing is everything. */
export interface FenceScope {
  /** The page of the one address. */
  readonly page?: number | undefined;
  /** Pages that are in every address space stay. */
  readonly keepsGlobal?: boolean | undefined;
  /** Guests' pages instead of the others. */
  readonly isVirtual: boolean;
}

/**
 * The TLB of fetches or of data: fully associative entries for some neighbouring pages of 4 KiB, entries for larger pages,
 * and one for a larger page that is not all of one kind of memory (Rocket, `TLB.scala`).
 */
export class TranslationBuffer {
  readonly #sectors: number;
  /** Of entries for neighbours: the first page divided by how many they are, pages that are there, global ones, and whose. */
  readonly #tags: Float64Array;
  readonly #present: Uint32Array;
  readonly #global: Uint32Array;
  readonly #virtual: Uint8Array;
  readonly #order: PseudoLru;
  /** Of larger pages, the special one last: number of the page, its bits of page offset, global, and whose. */
  readonly #largePages: Float64Array;
  readonly #largeShifts: Uint8Array;
  readonly #largeGlobal: Uint8Array;
  readonly #largeVirtual: Uint8Array;
  readonly #largeOrder: PseudoLru;
  /** Pages that were found lately, those of guests apart, and the entries that were used for them. */
  readonly #recent: Float64Array;
  readonly #recentEntries: Int32Array;
  readonly #recentLarge: Int32Array;
  /** The same as `recentPages`. */
  readonly #keys: Float64Array;
  readonly #masks: Int32Array;
  /** Told of each page that ceases to have a translation; of none in particular where many do. */
  onDrop: ((page: number | undefined) => void) | undefined;

  constructor(parameters: MemoryParameters, area: StateArea) {
    const { tlbEntries, tlbSectors, tlbSuperpages } = parameters;
    const entries = tlbEntries / tlbSectors;
    const large = tlbSuperpages + 1;
    this.#sectors = tlbSectors;
    this.#tags = area.numbers(entries);
    this.#present = area.words(entries);
    this.#global = area.words(entries);
    this.#virtual = area.flags(entries);
    this.#order = new PseudoLru(entries, area);
    this.#largePages = area.numbers(large);
    this.#largeShifts = area.flags(large);
    this.#largeGlobal = area.flags(large);
    this.#largeVirtual = area.flags(large);
    this.#largeOrder = new PseudoLru(tlbSuperpages, area);
    this.#recent = area.numbers(RECENT);
    this.#recentEntries = area.signedWords(RECENT);
    this.#recentLarge = area.signedWords(RECENT);
    this.#keys = area.numbers(RECENT * KEYS);
    this.#masks = new Int32Array(this.#keys.buffer, this.#keys.byteOffset, RECENT * MASKS);
    this.reset();
  }

  /** Power-on. */
  reset(): void {
    this.#tags.fill(EMPTY);
    this.#present.fill(0);
    this.#largePages.fill(EMPTY);
    this.#order.reset();
    this.#largeOrder.reset();
    this.#forgetRecent();
  }

  /** Where generated code finds it. */
  get places(): TranslationPlaces {
    const { byteOffset: recent } = this.#keys;
    return { recent, order: this.#order.place, largeOrder: this.#largeOrder.place };
  }

  /** Whether a page of 4 KiB has a translation; changes nothing. */
  has(page: number, isVirtual: boolean): boolean {
    if (this.#recent[recentPlace(page)] === keyOf(page, isVirtual)) return true;
    const entry = this.#entryOf(page, isVirtual);
    return (
      (entry !== NONE && this.#isPresent(entry, page)) || this.#largeOf(page, isVirtual) !== NONE
    );
  }

  /** Whether a page of 4 KiB has a translation, whose entry then counts as used. */
  finds(page: number, isVirtual: boolean): boolean {
    const key = keyOf(page, isVirtual);
    const place = recentPlace(page);
    const isRecent = this.#recent[place] === key;
    const entry = isRecent ? (this.#recentEntries[place] ?? NONE) : this.#entryOf(page, isVirtual);
    const large = isRecent ? (this.#recentLarge[place] ?? NONE) : this.#largeOf(page, isVirtual);
    if (entry !== NONE) this.#order.touch(entry);
    if (large !== NONE && large < this.#special) this.#largeOrder.touch(large);
    if (isRecent) return true;
    const isPresent = entry !== NONE && this.#isPresent(entry, page);
    if (large === NONE && !isPresent) return false;
    this.#recent[place] = key;
    this.#recentEntries[place] = entry;
    this.#recentLarge[place] = large;
    this.#noteMasks(place, key, entry, large);
    return true;
  }

  #noteMasks(place: number, key: number, entry: number, large: number): void {
    const small = entry === NONE ? UNCHANGED : this.#order.masksOf(entry);
    const isOrdered = large !== NONE && large < this.#special;
    const other = isOrdered ? this.#largeOrder.masksOf(large) : UNCHANGED;
    this.#keys[place * KEYS] = EMPTY;
    if (small === undefined || other === undefined) return;
    this.#keys[place * KEYS] = key;
    const first = place * MASKS;
    this.#masks[first + recentPages.kept / 4] = small.kept;
    this.#masks[first + recentPages.set / 4] = small.set;
    this.#masks[first + recentPages.largeKept / 4] = other.kept;
    this.#masks[first + recentPages.largeSet / 4] = other.set;
  }

  #forgetRecent(): void {
    this.#recent.fill(EMPTY);
    for (let place = 0; place < RECENT; place++) this.#keys[place * KEYS] = EMPTY;
  }

  /** Forgets the pages that an entry for neighbours is used for. */
  #forgetNeighbours(entry: number): void {
    const tag = this.#tags[entry] ?? EMPTY;
    if (tag === EMPTY) return;
    const isVirtual = this.#virtual[entry] === 1;
    for (let sector = 0; sector < this.#sectors; sector++) {
      const page = tag * this.#sectors + sector;
      const place = recentPlace(page);
      if (this.#recent[place] !== keyOf(page, isVirtual)) continue;
      this.#recent[place] = EMPTY;
      this.#keys[place * KEYS] = EMPTY;
    }
  }

  /** Keeps what a walk found for a page, which is then used. */
  fill(page: number, { shift, isVirtual, isGlobal, isUniform }: WalkTrace): void {
    if (isUniform && shift <= PAGE_SHIFT) this.#setSmall(page, isGlobal, isVirtual);
    else {
      const way = isUniform
        ? this.#freeOr(this.#largePages, this.#special, this.#largeOrder)
        : this.#special;
      this.#forgetRecent();
      this.onDrop?.(undefined);
      this.#setLarge(way, page, shift, isGlobal, isVirtual);
    }
    this.finds(page, isVirtual);
  }

  /** Drops what a fence names. */
  fence({ page, keepsGlobal = false, isVirtual }: FenceScope): void {
    this.onDrop?.(undefined);
    this.#forgetRecent();
    const isMeant = (virtual: number | undefined): boolean => (virtual === 1) === isVirtual;
    for (const [entry, tag] of this.#tags.entries()) {
      if (!isMeant(this.#virtual[entry])) continue;
      const present = this.#present[entry] ?? 0;
      let kept = keepsGlobal ? present & (this.#global[entry] ?? 0) : 0;
      if (page !== undefined)
        kept = tag === this.#tagOf(page) ? present & ~this.#bit(page) : present;
      this.#present[entry] = kept;
      if (kept === 0) this.#tags[entry] = EMPTY;
    }
    for (const large of this.#largePages.keys()) {
      if (!isMeant(this.#largeVirtual[large])) continue;
      const isKept =
        page === undefined
          ? keepsGlobal && this.#largeGlobal[large] === 1
          : !this.#isInside(page, large);
      if (!isKept) this.#largePages[large] = EMPTY;
    }
  }

  get #special(): number {
    return this.#largePages.length - 1;
  }

  #isPresent(entry: number, page: number): boolean {
    return ((this.#present[entry] ?? 0) & this.#bit(page)) !== 0;
  }

  #tagOf(page: number): number {
    return Math.floor(page / this.#sectors);
  }

  #bit(page: number): number {
    return 1 << (page % this.#sectors);
  }

  #entryOf(page: number, isVirtual: boolean): number {
    const tag = this.#tagOf(page);
    for (let entry = 0; entry < this.#tags.length; entry++) {
      if (this.#tags[entry] === tag && (this.#virtual[entry] === 1) === isVirtual) return entry;
    }
    return NONE;
  }

  #largeOf(page: number, isVirtual: boolean): number {
    for (let large = 0; large < this.#largePages.length; large++) {
      const isMeant = (this.#largeVirtual[large] === 1) === isVirtual;
      if (isMeant && this.#isInside(page, large)) return large;
    }
    return NONE;
  }

  #isInside(page: number, large: number): boolean {
    const pages = PAGES[this.#largeShifts[large] ?? 0] ?? 1;
    return this.#largePages[large] === Math.floor(page / pages);
  }

  /** The first empty entry of some, or the one to replace. */
  #freeOr(tags: Float64Array, count: number, order: PseudoLru): number {
    for (let entry = 0; entry < count; entry++) if (tags[entry] === EMPTY) return entry;
    return order.oldest;
  }

  #setLarge(way: number, page: number, shift: number, isGlobal: boolean, isVirtual: boolean): void {
    this.#largePages[way] = Math.floor(page / (PAGES[shift] ?? 1));
    this.#largeShifts[way] = shift;
    this.#largeGlobal[way] = isGlobal ? 1 : 0;
    this.#largeVirtual[way] = isVirtual ? 1 : 0;
  }

  /** Tells of the pages of an entry that makes room for others. */
  #tellDropped(entry: number): void {
    const { onDrop } = this;
    const present = this.#present[entry] ?? 0;
    if (onDrop === undefined || present === 0) return;
    const first = (this.#tags[entry] ?? 0) * this.#sectors;
    for (let sector = 0; sector < this.#sectors; sector++) {
      if ((present & (1 << sector)) !== 0) onDrop(first + sector);
    }
  }

  #setSmall(page: number, isGlobal: boolean, isVirtual: boolean): void {
    let entry = this.#entryOf(page, isVirtual);
    if (entry === NONE) {
      entry = this.#freeOr(this.#tags, this.#tags.length, this.#order);
      this.#forgetNeighbours(entry);
      this.#tellDropped(entry);
      this.#tags[entry] = this.#tagOf(page);
      this.#virtual[entry] = isVirtual ? 1 : 0;
      // Those in a larger page have been found without this entry.
      this.#forgetNeighbours(entry);
      this.#present[entry] = 0;
      this.#global[entry] = 0;
    }
    const bit = this.#bit(page);
    this.#present[entry] = (this.#present[entry] ?? 0) | bit;
    this.#global[entry] = isGlobal
      ? (this.#global[entry] ?? 0) | bit
      : (this.#global[entry] ?? 0) & ~bit;
  }
}
