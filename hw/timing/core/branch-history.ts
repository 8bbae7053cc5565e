/** Sizes of a direction predictor. */
export interface BranchHistoryGeometry {
  /** One-bit predictors; a power of two. */
  readonly entries: number;
  /** Outcomes in the history, and how many hashed bits of it choose a predictor. */
  readonly length: number;
  readonly bits: number;
}

/** Direction predictor: one bit each, chosen by the address of the fetch and hashed global history (rocket-chip, BTB.scala). */
export class BranchHistory {
  /** The last outcomes, the latest in the highest bit; what fetch predicted until branches are resolved. */
  history = 0;
  readonly #length: number;
  readonly #indexBits: number;
  readonly #shift: number;
  readonly #historyShift: number;
  readonly #multiplier: number;
  readonly #mask: number;
  readonly #taken: Uint8Array;

  constructor({ entries, length, bits }: BranchHistoryGeometry) {
    this.#length = length;
    this.#indexBits = Math.round(Math.log2(entries));
    this.#shift = this.#indexBits - bits;
    this.#historyShift = length - bits;
    this.#multiplier = Math.floor((Math.sqrt(3) / 2) * 2 ** length);
    this.#mask = entries - 1;
    this.#taken = new Uint8Array(entries);
  }

  /** Forgets everything. */
  reset(): void {
    this.history = 0;
    this.#taken.fill(0);
  }

  /** The prediction for a fetch from an address with the present history. */
  predict(pc: number): number {
    return this.#taken[this.#index(pc, this.history)] ?? 0;
  }

  /** Takes an outcome into the history. */
  advance(taken: number): void {
    this.history = this.#shifted(this.history, taken);
  }

  /** A branch that was fetched from `pc` under `history` has been resolved. */
  resolve(pc: number, history: number, taken: number, mispredicted: boolean): void {
    this.#taken[this.#index(pc, history)] = taken;
    if (mispredicted) this.history = this.#shifted(history, taken);
  }

  #shifted(history: number, taken: number): number {
    return (history >>> 1) | (taken << (this.#length - 1));
  }

  #index(pc: number, history: number): number {
    const packet = Math.floor(pc / 4) >>> 0;
    const address = (packet & this.#mask) ^ ((packet >>> this.#indexBits) & 3);
    const product = (this.#multiplier * history) & (2 ** this.#length - 1);
    return (address ^ ((product >>> this.#historyShift) << this.#shift)) & this.#mask;
  }
}
