import type { StateArea } from './state-area.ts';

const ENTRIES = 8;

/** Where generated code finds the table in the machine's memory, which has a power of two of entries. */
export interface TransactionLayout {
  readonly entries: number;
  /** By entry: the set (u32), and until when it is in use (f64). */
  readonly sets: number;
  readonly ends: number;
  /** When all are done (f64), and the entry that gives way next (u32). */
  readonly lastEnd: number;
  readonly next: number;
}

/**
 * Sets of the L2 that are in use, and until when: of the requests for one set, the next waits until the one before is
 * done (InclusiveCache, `Scheduler.scala`). The oldest entry gives way; it has long been done.
 */
export class TransactionTable {
  readonly #sets: Uint32Array;
  readonly #ends: Float64Array;
  /** When the last of all is done: whoever comes later finds every set free. */
  readonly #lastEnd: Float64Array;
  readonly #next: Uint32Array;

  constructor(area: StateArea) {
    this.#sets = area.words(ENTRIES);
    this.#ends = area.numbers(ENTRIES);
    this.#lastEnd = area.numbers(1);
    this.#next = area.words(1);
  }

  /** Where generated code finds it. */
  get layout(): TransactionLayout {
    return {
      entries: ENTRIES,
      sets: this.#sets.byteOffset,
      ends: this.#ends.byteOffset,
      lastEnd: this.#lastEnd.byteOffset,
      next: this.#next.byteOffset,
    };
  }

  /** When a request for a set that arrives at a time is taken up. */
  start(set: number, time: number): number {
    return time >= (this.#lastEnd[0] ?? 0) ? time : this.#search(set, time);
  }

  #search(set: number, time: number): number {
    let start = time;
    for (let entry = 0; entry < ENTRIES; entry++) {
      if (this.#sets[entry] === set) start = Math.max(start, this.#ends[entry] ?? 0);
    }
    return start;
  }

  /** Notes until when a set is in use. */
  hold(set: number, until: number): void {
    const entry = this.#next[0] ?? 0;
    this.#sets[entry] = set;
    this.#ends[entry] = until;
    this.#next[0] = (entry + 1) % ENTRIES;
    if (until > (this.#lastEnd[0] ?? 0)) this.#lastEnd[0] = until;
  }
}
