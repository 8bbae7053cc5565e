import type { StateArea } from './state-area.ts';

/** Bytes of a cache line, everywhere. */
export const LINE_BYTES = 64;

/** The answer of a search that finds nothing. */
export const NOWHERE = -1;

/** No line has this number. */
const NO_LINE = -1;

/** Sizes of a set-associative memory; both are powers of two. */
export interface CacheGeometry {
  readonly sets: number;
  readonly ways: number;
}

/**
 * Which lines a set-associative cache holds. A line is known by its number, the physical address without the bits inside;
 * a place is a number below sets × ways. Who owns the cache chooses the way that a line replaces.
 */
export class CacheLines {
  readonly #sets: number;
  readonly #ways: number;
  readonly #lines: Float64Array;

  constructor({ sets, ways }: CacheGeometry, area: StateArea) {
    this.#sets = sets;
    this.#ways = ways;
    this.#lines = area.numbers(sets * ways);
    this.clear();
  }

  /** Where the numbers of the lines begin, by place, in the buffer that they lie in; and the sizes. */
  get layout(): CacheGeometry & { readonly lines: number } {
    return { sets: this.#sets, ways: this.#ways, lines: this.#lines.byteOffset };
  }

  /** How many places there are. */
  get places(): number {
    return this.#lines.length;
  }

  /** Drops every line. */
  clear(): void {
    this.#lines.fill(NO_LINE);
  }

  /** The set of a line. */
  setOf(line: number): number {
    return line & (this.#sets - 1);
  }

  /** The place of a way of the set that a line belongs to. */
  place(line: number, way: number): number {
    return this.setOf(line) * this.#ways + way;
  }

  /** Where a line is, or `NOWHERE`. */
  find(line: number): number {
    const first = this.place(line, 0);
    for (let way = 0; way < this.#ways; way++) {
      if (this.#lines[first + way] === line) return first + way;
    }
    return NOWHERE;
  }

  /** The line at a place; `undefined` where there is none. */
  at(place: number): number | undefined {
    const line = this.#lines[place];
    return line === NO_LINE ? undefined : line;
  }

  /** Puts a line in a place, over what was there. */
  put(place: number, line: number): void {
    this.#lines[place] = line;
  }

  /** Empties a place. */
  drop(place: number): void {
    this.#lines[place] = NO_LINE;
  }
}
