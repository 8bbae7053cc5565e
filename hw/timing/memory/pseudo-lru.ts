import type { StateArea } from './state-area.ts';

const ROOT = 1;

/**
 * A tree of bits over a power of two of ways, each of which tells whose half was used longer ago: the upper if set
 * (Rocket, `Replacement.scala`, PseudoLRU).
 */
export class PseudoLru {
  readonly #levels: number;
  /** Nodes from 1, the children of a node at twice its number. */
  readonly #upperIsOlder: Uint8Array;

  constructor(ways: number, area: StateArea) {
    this.#levels = Math.log2(ways);
    this.#upperIsOlder = area.flags(ways);
  }

  /** Power-on. */
  reset(): void {
    this.#upperIsOlder.fill(0);
  }

  /** Notes that a way was used. */
  use(way: number): void {
    let node = ROOT;
    for (let level = this.#levels - 1; level >= 0; level--) {
      const isUpper = (way >>> level) & 1;
      this.#upperIsOlder[node] = 1 - isUpper;
      node = 2 * node + isUpper;
    }
  }

  /** The way to replace. */
  get victim(): number {
    let node = ROOT;
    let way = 0;
    for (let level = 0; level < this.#levels; level++) {
      const isUpper = this.#upperIsOlder[node] ?? 0;
      way = 2 * way + isUpper;
      node = 2 * node + isUpper;
    }
    return way;
  }
}
