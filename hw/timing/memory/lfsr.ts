import type { StateArea } from './state-area.ts';

const BITS = 16;
const MASK = 2 ** BITS - 1;

/**
 * The pseudo-random register behind Rocket's replacement: 16 bits, Fibonacci form with taps 16, 14, 13 and 11, bit 0 set
 * after reset (rocket RTL: MaxPeriodFibonacciLFSR). What a step depends on is up to the owner.
 */
export class Lfsr {
  readonly #state: Uint32Array;

  constructor(area: StateArea) {
    this.#state = area.words(1);
    this.reset();
  }

  /** The state that power-on leaves. */
  reset(): void {
    this.#state[0] = 1;
  }

  /** Shifts once. */
  step(): void {
    const state = this.#state[0] ?? 0;
    const feedback = ((state >>> 15) ^ (state >>> 13) ^ (state >>> 12) ^ (state >>> 10)) & 1;
    this.#state[0] = ((state << 1) | feedback) & MASK;
  }

  /** `count` bits, from bit `first` up. */
  bits(first: number, count: number): number {
    return ((this.#state[0] ?? 0) >>> first) & ((1 << count) - 1);
  }
}
