import type { Configuration } from './configuration.ts';
import { Control, destinationOf } from './control-word.ts';

const UNKNOWN = Infinity;
const { arithmetic } = Control;

/** The iterative multiplier and divider: one operation at a time, which writes its result when the port is free. */
export class Multiplier {
  /** Whether an operation is under way. */
  isBusy = false;
  /** Register of its result, 0 for none. */
  destination = 0;
  #end = UNKNOWN;
  #isFresh = false;

  /** Nothing under way. */
  reset(): void {
    this.isBusy = false;
    this.#isFresh = false;
    this.destination = 0;
    this.#end = UNKNOWN;
  }

  /** Puts what is under way into a configuration, or takes it from there. */
  exchange(words: Configuration): void {
    this.isBusy = words.flag(this.isBusy);
    this.#isFresh = words.flag(this.#isFresh);
    this.destination = words.number(this.destination);
    if (this.isBusy) this.#end = words.due(this.#end);
  }

  /** Whether the result waits for the port in a cycle. */
  isDone(cycle: number): boolean {
    return this.isBusy && cycle >= this.#end;
  }

  /** The operation that started in the cycle before takes so many cycles, counted between decode and decode of a user. */
  know(control: number, gap: number, cycle: number): void {
    if ((control & arithmetic) === 0 || !this.#isFresh) return;
    // Now is two cycles after decode.
    this.#end = cycle - 2 + gap;
  }

  /**
   * Ends a cycle. `answers`: the result is written. `isDropped`: the instruction in the memory stage is not to be. `control`
   * and `registers` are those of the instruction in execute.
   */
  tick(answers: boolean, isDropped: boolean, control: number, registers: number): void {
    const starts = (control & arithmetic) !== 0 && !this.isBusy;
    if (answers || (this.#isFresh && isDropped)) this.isBusy = false;
    this.#isFresh = starts;
    if (!starts) return;
    this.isBusy = true;
    this.#end = UNKNOWN;
    this.destination = destinationOf(registers);
  }
}
