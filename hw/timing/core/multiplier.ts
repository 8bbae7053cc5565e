import { divideCycles, multiplyCycles } from '../multiply-divide.ts';
import type { TimingParameters } from '../parameters.ts';
import type { InstructionView } from './instruction-view.ts';

const UNKNOWN = Infinity;

/** The iterative multiplier and divider: one operation at a time, which writes its result when the port is free. */
export class Multiplier {
  /** Whether an operation is under way. */
  isBusy = false;
  /** Register of its result, 0 for none. */
  destination = 0;
  readonly #parameters: TimingParameters;
  #end = UNKNOWN;
  #isFresh = false;

  constructor(parameters: TimingParameters) {
    this.#parameters = parameters;
  }

  /** Nothing under way. */
  reset(): void {
    this.isBusy = false;
    this.#isFresh = false;
  }

  /** Whether the result waits for the port in a cycle. */
  isDone(cycle: number): boolean {
    return this.isBusy && cycle >= this.#end;
  }

  /** The operation that started in the cycle before has these operands. */
  know(view: InstructionView, first: bigint, second: bigint, cycle: number): void {
    const { arithmetic } = view;
    if (arithmetic === undefined || !this.#isFresh) return;
    const gap =
      arithmetic.unit === 'divider'
        ? divideCycles(this.#parameters, arithmetic, first, second)
        : multiplyCycles(this.#parameters, arithmetic.result, first);
    // The gap is counted between decode and decode of a user; now is two cycles after decode.
    this.#end = cycle - 2 + gap;
  }

  /**
   * Ends a cycle. `answers`: the result is written. `isDropped`: the instruction in the memory stage is not to be. `starting`
   * is the instruction in execute.
   */
  tick(answers: boolean, isDropped: boolean, starting: InstructionView | undefined): void {
    const starts = starting?.arithmetic !== undefined && !this.isBusy;
    if (answers || (this.#isFresh && isDropped)) this.isBusy = false;
    this.#isFresh = starts;
    if (!starts) return;
    this.isBusy = true;
    this.#end = UNKNOWN;
    this.destination = Math.max(0, starting.rd);
  }
}
