import type { StateArea } from './state-area.ts';

const WORD_BITS = 32;

/**
 * Tree pseudo-LRU over any number of ways: a bit per inner node tells that its left subtree was used longer ago, and the right
 * subtree holds a power of two of the ways (Rocket, `Replacement.scala`, PseudoLRU).
 */
export class PseudoLru {
  readonly #ways: number;
  readonly #wordCount: number;
  /** A bit per inner node. */
  readonly #leftIsOlder: Uint32Array;
  /** By way: the nodes above it, and which of them then say that left is older. */
  readonly #above: Uint32Array;
  readonly #pointing: Uint32Array;

  constructor(ways: number, area: StateArea) {
    this.#ways = ways;
    this.#wordCount = Math.ceil(Math.max(1, ways - 1) / WORD_BITS);
    this.#leftIsOlder = area.words(this.#wordCount);
    this.#above = new Uint32Array(ways * this.#wordCount);
    this.#pointing = new Uint32Array(ways * this.#wordCount);
    for (let way = 0; way < ways; way++) this.#findPath(way);
  }

  /** All ways equally old. */
  reset(): void {
    this.#leftIsOlder.fill(0);
  }

  /** Makes a way the youngest. */
  touch(way: number): void {
    const first = way * this.#wordCount;
    for (let word = 0; word < this.#wordCount; word++) {
      const bits = this.#leftIsOlder[word] ?? 0;
      const above = this.#above[first + word] ?? 0;
      this.#leftIsOlder[word] = (bits & ~above) | (this.#pointing[first + word] ?? 0);
    }
  }

  /** Where its bits begin in the buffer that they lie in. */
  get place(): number {
    return this.#leftIsOlder.byteOffset;
  }

  /** What `touch` does to the bits where they are one word: those that stay as they are, and those that it sets. */
  masksOf(way: number): { readonly kept: number; readonly set: number } | undefined {
    if (this.#wordCount !== 1) return undefined;
    return { kept: ~(this.#above[way] ?? 0), set: this.#pointing[way] ?? 0 };
  }

  /** The way to replace next. */
  get oldest(): number {
    let first = 0;
    let ways = this.#ways;
    let way = 0;
    while (ways > 1) {
      const right = rightWays(ways);
      const node = first + ways - 2;
      if (((this.#leftIsOlder[node >>> 5] ?? 0) & (1 << (node & (WORD_BITS - 1)))) !== 0) {
        way += right;
        first += right - 1;
        ways -= right;
      } else {
        ways = right;
      }
    }
    return way;
  }

  #findPath(way: number): void {
    let first = 0;
    let ways = this.#ways;
    let rest = way;
    while (ways > 1) {
      const right = rightWays(ways);
      const node = first + ways - 2;
      const place = way * this.#wordCount + (node >>> 5);
      const bit = 1 << (node & (WORD_BITS - 1));
      this.#above[place] = (this.#above[place] ?? 0) | bit;
      if (rest >= right) {
        rest -= right;
        first += right - 1;
        ways -= right;
      } else {
        this.#pointing[place] = (this.#pointing[place] ?? 0) | bit;
        ways = right;
      }
    }
  }
}

/** How many of the ways are in the right subtree: the largest power of two that leaves some for the left one. */
function rightWays(ways: number): number {
  return 1 << (WORD_BITS - 1 - Math.clz32(ways - 1));
}
