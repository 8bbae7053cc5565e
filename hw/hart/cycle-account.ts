import type { HartState } from '../engine/index.ts';
import type { ModeLabel } from '../isa/index.ts';
import { CycleTree } from '../kernel/index.ts';
import { type TimingMechanism, timingMechanisms } from '../timing/index.ts';

/** The modes under which cycles are booked. */
const accountModes: readonly ModeLabel[] = ['U', 'HU', 'VU', 'VS', 'HS', 'M'];

/** Books every cycle of a hart, in its state and on the leaf of the mode and mechanism that it belongs to. */
export class CycleAccount {
  readonly tree = new CycleTree<ModeLabel, TimingMechanism>(accountModes, timingMechanisms);
  readonly #state: HartState;
  readonly #leaves: Float64Array;
  #first = 0;

  constructor(state: HartState) {
    this.#state = state;
    this.#leaves = this.tree.leaves;
    this.enter('M');
  }

  /** Changes the mode that pays. */
  enter(mode: ModeLabel): void {
    this.#first = this.tree.leaf(mode, timingMechanisms[0].name);
  }

  /** Lets cycles pass; `mechanism` is its number. */
  charge(mechanism: number, cycles: number): void {
    const leaf = this.#first + mechanism;
    this.#leaves[leaf] = (this.#leaves[leaf] ?? 0) + cycles;
    this.#state.cycle += cycles;
  }
}
