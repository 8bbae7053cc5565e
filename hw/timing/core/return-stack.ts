import type { StateArea } from '../memory/index.ts';
import { NOTHING } from './surroundings.ts';

/** Return addresses of the calls that were fetched; the oldest is lost when there are too many. */
export class ReturnStack {
  readonly #addresses: Float64Array;
  /** How many there are, and the place of the latest. */
  readonly #counts: Uint32Array;

  constructor(entries: number, area: StateArea) {
    this.#addresses = area.numbers(entries);
    this.#counts = area.words(2);
  }

  /** Where generated code finds the addresses; how many there can be, how many there are and the place of the latest. */
  get places(): {
    readonly returns: number;
    readonly mostReturns: number;
    readonly returnCounts: number;
  } {
    const { byteOffset: returns, length: mostReturns } = this.#addresses;
    return { returns, mostReturns, returnCounts: this.#counts.byteOffset };
  }

  /** Empties the stack. */
  reset(): void {
    this.#counts.fill(0);
    this.#addresses.fill(0);
  }

  /** The address that the next return goes to, or `NOTHING`. */
  get top(): number {
    if (this.#count === 0) return NOTHING;
    return this.#addresses[this.#position] ?? NOTHING;
  }

  push(address: number): void {
    const { length } = this.#addresses;
    if (length === 0) return;
    const position = (this.#position + 1) % length;
    this.#counts[0] = Math.min(this.#count + 1, length);
    this.#counts[1] = position;
    this.#addresses[position] = address;
  }

  pop(): void {
    if (this.#count === 0) return;
    const { length } = this.#addresses;
    this.#counts[0] = this.#count - 1;
    this.#counts[1] = (this.#position + length - 1) % length;
  }

  get #count(): number {
    return this.#counts[0] ?? 0;
  }

  get #position(): number {
    return this.#counts[1] ?? 0;
  }
}
