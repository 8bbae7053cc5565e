import { PseudoLru } from './pseudo-lru.ts';
import type { StateArea } from './state-area.ts';

const EMPTY = -1;

/** Table entries that the walker need not read again, known by their addresses (Rocket, `PTW.scala`, makePTECache). */
export class PteCache {
  readonly #addresses: Float64Array;
  readonly #order: PseudoLru;

  constructor(entries: number, area: StateArea) {
    this.#addresses = area.numbers(entries);
    this.#order = new PseudoLru(Math.max(entries, 1), area);
    this.reset();
  }

  /** Power-on. */
  reset(): void {
    this.flush();
    this.#order.reset();
  }

  /** Forgets every entry. */
  flush(): void {
    this.#addresses.fill(EMPTY);
  }

  /** Whether an entry is known, which then counts as used. */
  finds(address: number): boolean {
    const way = this.#addresses.indexOf(address);
    if (way < 0) return false;
    this.#order.touch(way);
    return true;
  }

  /** Notes an entry that was not known. */
  add(address: number): void {
    if (this.#addresses.length === 0) return;
    const empty = this.#addresses.indexOf(EMPTY);
    const way = empty < 0 ? this.#order.oldest : empty;
    this.#addresses[way] = address;
    this.#order.touch(way);
  }
}
