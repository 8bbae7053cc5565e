import type { StateArea } from '../memory/index.ts';
import { withEntry } from './target-answer.ts';

/** Bits of an address that an entry of the target buffer keeps itself; the rest is in a page register. */
export const MATCH_BITS = 14;
/** Only words are looked up with success, and so many of them differ in those bits. */
const WORDS = 2 ** (MATCH_BITS - 2);

/** Where generated code finds the index: by word how many entries match and which is the last; by entry its page and answers. */
export interface TargetPlaces {
  readonly targetCounts: number;
  readonly targetEntries: number;
  readonly targetPages: number;
  readonly targetHits: number;
  readonly targetMisses: number;
  /** Two words by entry: bits of the order of replacement that stay when it is used, 0 if that is not one word, and that are set. */
  readonly targetMasks: number;
}

/** What the target buffer says, sorted by the address that is looked up. */
export class TargetIndex {
  readonly #counts: Uint8Array;
  readonly #entries: Uint8Array;
  readonly #pages: Float64Array;
  readonly #hits: Float64Array;
  readonly #misses: Float64Array;
  readonly #masks: Int32Array;

  constructor(entries: number, area: StateArea) {
    this.#counts = area.flags(WORDS);
    this.#entries = area.flags(WORDS);
    this.#pages = area.numbers(entries);
    this.#hits = area.numbers(entries);
    this.#misses = area.numbers(entries);
    this.#masks = area.signedWords(2 * entries);
  }

  /** Where generated code finds it. */
  get places(): TargetPlaces {
    return {
      targetCounts: this.#counts.byteOffset,
      targetEntries: this.#entries.byteOffset,
      targetPages: this.#pages.byteOffset,
      targetHits: this.#hits.byteOffset,
      targetMisses: this.#misses.byteOffset,
      targetMasks: this.#masks.byteOffset,
    };
  }

  /** What using an entry does to the order of replacement. */
  order(entry: number, masks: { readonly kept: number; readonly set: number } | undefined): void {
    this.#masks[2 * entry] = masks?.kept ?? 0;
    this.#masks[2 * entry + 1] = masks?.set ?? 0;
  }

  /** Nothing matches. */
  clear(): void {
    this.#counts.fill(0);
  }

  /** So many entries match an address (its bits without the lowest), the last of them this one. */
  count(source: number, count: number, last: number): void {
    this.#counts[source >>> 1] = count;
    this.#entries[source >>> 1] = last;
  }

  /** How many entries match an address (its bits without the lowest), and the last of them. */
  countAt(source: number): number {
    return (source & 1) === 0 ? (this.#counts[source >>> 1] ?? 0) : 0;
  }
  lastAt(source: number): number {
    return this.#entries[source >>> 1] ?? 0;
  }

  /** What the entry says that is the only one to match an address (its bits without the lowest) in a page. */
  answerAt(source: number, page: number): number {
    const entry = this.lastAt(source);
    const answers = this.#pages[entry] === page ? this.#hits : this.#misses;
    return withEntry(answers[entry] ?? 0, entry);
  }

  /** What an entry says if it is the only one that matches: the page that makes it a hit, and both answers, with a name for the entry. */
  describe(entry: number, page: number, hit: number, miss: number): void {
    this.#pages[entry] = page;
    this.#hits[entry] = hit;
    this.#misses[entry] = miss;
  }
}
