import type { StateArea } from './state-area.ts';

export const LFSR_BITS = 16;
/** The bits, from 0 up, that together make the bit that is shifted in. */
export const LFSR_TAPS = [15, 13, 12, 10] as const;
const MASK = 2 ** LFSR_BITS - 1;
const [A, B, C, D] = LFSR_TAPS;

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

  /** Where it lies in the machine's memory (u32). */
  get place(): number {
    return this.#state.byteOffset;
  }

  /** The state that power-on leaves. */
  reset(): void {
    this.#state[0] = 1;
  }

  /** Shifts once. */
  step(): void {
    const state = this.#state[0] ?? 0;
    const feedback = ((state >>> A) ^ (state >>> B) ^ (state >>> C) ^ (state >>> D)) & 1;
    this.#state[0] = ((state << 1) | feedback) & MASK;
  }

  /** `count` bits, from bit `first` up. */
  bits(first: number, count: number): number {
    return ((this.#state[0] ?? 0) >>> first) & ((1 << count) - 1);
  }
}
