import type { StateArea } from './state-area.ts';

/** Bytes of a cache line, everywhere. */
export const LINE_BYTES = 64;

/** The answer of a search that finds nothing. */
export const NOWHERE = -1;

/** No line has this number: what is at a place without one. */
export const NO_LINE = -1;

/** Sizes of a set-associative memory; both are powers of two. */
export interface CacheGeometry {
  readonly sets: number;
  readonly ways: number;
}

/** The sizes, and where in the machine's memory the numbers of the lines begin (f64), by place. */
export interface CacheLinesLayout extends CacheGeometry {
  readonly lines: number;
}

/**
 * Which lines a set-associative cache holds. A line is known by its number, the physical address without the bits inside;
 * a place is a number below sets × ways. Who owns the cache chooses the way that a line replaces.
 */
export class CacheLines {
  readonly #lastSet: number;
  readonly #ways: number;
  readonly #lines: Float64Array;

  constructor({ sets, ways }: CacheGeometry, area: StateArea) {
    this.#lastSet = sets - 1;
    this.#ways = ways;
    this.#lines = area.numbers(sets * ways);
    this.clear();
  }

  /** Where generated code finds it. */
  get layout(): CacheLinesLayout {
    return { sets: this.#lastSet + 1, ways: this.#ways, lines: this.#lines.byteOffset };
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
    return line & this.#lastSet;
  }

  /** The place of a way of the set that a line belongs to. */
  place(line: number, way: number): number {
    return this.setOf(line) * this.#ways + way;
  }

  /** Where a line is, or `NOWHERE`. */
  find(line: number): number {
    const lines = this.#lines;
    const first = this.place(line, 0);
    const end = first + this.#ways;
    for (let place = first; place < end; place++) {
      if (lines[place] === line) return place;
    }
    return NOWHERE;
  }

  /** The line at a place, or `NO_LINE`. */
  at(place: number): number {
    return this.#lines[place] ?? NO_LINE;
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
