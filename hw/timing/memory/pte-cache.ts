import { NOWHERE } from './cache-lines.ts';
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
    const way = this.#find(address);
    if (way === NOWHERE) return false;
    this.#order.touch(way);
    return true;
  }

  /** Notes an entry that was not known. */
  add(address: number): void {
    if (this.#addresses.length === 0) return;
    const empty = this.#find(EMPTY);
    const way = empty === NOWHERE ? this.#order.oldest : empty;
    this.#addresses[way] = address;
    this.#order.touch(way);
  }

  /** Where an address is; the host's `indexOf` takes longer for so few. */
  #find(address: number): number {
    const addresses = this.#addresses;
    for (let way = 0; way < addresses.length; way++) if (addresses[way] === address) return way;
    return NOWHERE;
  }
}
