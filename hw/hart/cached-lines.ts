import {
  CODE_FRAMES,
  CODE_HOSTS,
  CODE_PAGES,
  COVERED_LINES,
  coveredLine,
  FETCHED_LINES,
  type LineFilter,
  MOST_COVERED,
} from '../engine/index.ts';
import { PAGE_BYTES, PAGE_SHIFT } from '../isa/index.ts';
import { type CoreMemory, LINE_BYTES } from '../timing/index.ts';

/** What generated code knows of the caches of its hart is wired to. */
export interface CachedLinesPorts {
  readonly core: CoreMemory;
  readonly filter: LineFilter;
  readonly buffer: ArrayBuffer;
  /** Where the filter lies in the buffer. */
  readonly filterOffset: number;
}

const HIGH_PAGES = 2 ** 20;
const LINES_PER_PAGE = PAGE_BYTES / LINE_BYTES;
/** Lines of a page that a word has bits for. */
const WORD_LINES = 32;
const NONE = -1;
const WORD = 4;
const COVERED_WORDS = coveredLine.bytes / WORD;
const READ = coveredLine.read / WORD;
const WRITE = coveredLine.write / WORD;
const HOST = coveredLine.host / WORD;

/**
 * Keeps what generated code takes for hits within what the caches and TLBs hold: entries of the filter, and the lines of pages of decoded
 * code that are in the instruction cache.
 */
export class CachedLines {
  readonly #ports: CachedLinesPorts;
  /** By place in the data cache: what covers its line (`coveredLine`). */
  readonly #covered: Uint32Array;
  /** By slot of decoded pages: the lines that are in the instruction cache, 64 bits; and the physical address of the page. */
  readonly #fetched: Int32Array;
  readonly #frames: Float64Array;
  readonly #pages: Uint32Array;
  /** By place in the instruction cache: slot and line that are noted, one number. */
  readonly #noted: Int32Array;

  constructor(ports: CachedLinesPorts) {
    const { core, filter, buffer, filterOffset } = ports;
    const { data, instructions, translations } = core;
    this.#ports = ports;
    const places = data.placeCount * COVERED_WORDS;
    this.#covered =
      data.placeCount <= MOST_COVERED
        ? new Uint32Array(buffer, filterOffset + COVERED_LINES, places)
        : new Uint32Array(places);
    this.#frames = new Float64Array(buffer, filterOffset + CODE_FRAMES, CODE_PAGES);
    this.#pages = new Uint32Array(buffer, filterOffset + CODE_HOSTS, CODE_PAGES * 2);
    this.#noted = new Int32Array(instructions.places).fill(NONE);
    this.#fetched = new Int32Array(buffer, filterOffset + FETCHED_LINES, CODE_PAGES * 2);
    data.onLeave = (place) => {
      this.#uncover(place);
    };
    instructions.onLeave = (place) => {
      if (place === undefined) this.forgetCode();
      else this.#forgetFetched(place);
    };
    for (const translation of [translations.data, translations.fetch]) {
      translation.onDrop = (page) => {
        if (page === undefined) filter.flush();
        else filter.dropPage(Math.floor(page / HIGH_PAGES), page << PAGE_SHIFT);
      };
    }
  }

  /** Lets the filter cover accesses to an address, at a physical one and a place of the machine's memory, if the data cache would let them be. */
  cover(high: number, low: number, physical: number, host: number, isWrite: boolean): void {
    const { core, filter } = this.#ports;
    const kind = isWrite ? 'write' : 'read';
    const place = core.data.placeOf(Math.floor(physical / LINE_BYTES), kind);
    if (place === undefined) return;
    const covered = this.#covered;
    const first = place * COVERED_WORDS;
    const named = first + (isWrite ? WRITE : READ);
    const known = covered[named] ?? 0;
    const added = isWrite ? filter.addWrite(high, low, host) : filter.addReadLine(high, low, host);
    if (known !== 0 && known !== added) filter.dropEntry(known, covered[first + HOST] ?? 0);
    covered[named] = added;
    covered[first + HOST] = host;
  }

  /** Where the lines of the page of code are noted that has a slot, and lies at a physical address and at one of the machine's memory. */
  notesOf(slot: number, frame: number, host: number): number {
    this.#frames[slot] = frame;
    this.#pages[2 * slot] = host;
    return this.#fetched.byteOffset + slot * 8;
  }

  /** The physical address of the page of code that has a slot. */
  frameOf(slot: number): number {
    return this.#frames[slot] ?? 0;
  }

  /** Whether the line at a place of a page of code is in the instruction cache, which is noted. */
  holdsCode(slot: number, inPage: number): boolean {
    const line = Math.floor(inPage / LINE_BYTES);
    const word = 2 * slot + (line < WORD_LINES ? 0 : 1);
    const bit = 1 << (line % WORD_LINES);
    if (((this.#fetched[word] ?? 0) & bit) !== 0) return true;
    const { instructions } = this.#ports.core;
    const place = instructions.placeOf(Math.floor((this.frameOf(slot) + inPage) / LINE_BYTES));
    if (place === undefined) return false;
    this.#fetched[word] = (this.#fetched[word] ?? 0) | bit;
    this.#noted[place] = slot * LINES_PER_PAGE + line;
    return true;
  }

  /** Decoded code is no longer where it was. */
  forgetCode(): void {
    this.#fetched.fill(0);
    this.#noted.fill(NONE);
  }

  /** The line at a place of the data cache makes room for another, or may not be written any more. */
  #uncover(place: number): void {
    this.#dropEntry(place, READ);
    this.#dropEntry(place, WRITE);
  }

  #dropEntry(place: number, kind: number): void {
    const covered = this.#covered;
    const first = place * COVERED_WORDS;
    const entry = covered[first + kind] ?? 0;
    if (entry === 0) return;
    this.#ports.filter.dropEntry(entry, covered[first + HOST] ?? 0);
    covered[first + kind] = 0;
  }

  #forgetFetched(place: number): void {
    const noted = this.#noted[place] ?? NONE;
    if (noted === NONE) return;
    this.#noted[place] = NONE;
    const line = noted % LINES_PER_PAGE;
    const word = 2 * Math.floor(noted / LINES_PER_PAGE) + (line < WORD_LINES ? 0 : 1);
    this.#fetched[word] = (this.#fetched[word] ?? 0) & ~(1 << (line % WORD_LINES));
  }
}
