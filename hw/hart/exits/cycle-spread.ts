import type { Checkpointed } from '../../kernel/index.ts';

/** Count, least, mean and greatest of a number of cycles. */
export interface Spread {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** Numbers summed up, as a checkpoint keeps them. */
export interface SavedSpread {
  readonly count: number;
  readonly sum: number;
  readonly min: number | null;
  readonly max: number;
}

/** Sums up numbers of cycles. */
export class Accumulator implements Checkpointed<SavedSpread> {
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;

  add(cycles: number): void {
    this.#count += 1;
    this.#sum += cycles;
    if (cycles < this.#min) this.#min = cycles;
    if (cycles > this.#max) this.#max = cycles;
  }

  save(): SavedSpread {
    const count = this.#count;
    return { count, sum: this.#sum, min: count === 0 ? null : this.#min, max: this.#max };
  }

  restore({ count, sum, min, max }: SavedSpread): void {
    this.#count = count;
    this.#sum = sum;
    this.#min = min ?? Infinity;
    this.#max = max;
  }

  /** The spread of `count` numbers, of which those that were not added are 0. */
  spread(count = this.#count): Spread {
    if (count === 0) return { count, min: 0, mean: 0, max: 0 };
    const min = this.#count < count ? 0 : this.#min;
    return { count, min, mean: this.#sum / count, max: this.#max };
  }
}
