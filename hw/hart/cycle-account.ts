import type { HartState } from '../engine/index.ts';
import type { ModeLabel } from '../isa/index.ts';
import { CycleTree } from '../kernel/index.ts';
import { mechanismNumber, type TimingMechanism, timingMechanisms } from '../timing/index.ts';
import { VmAccount } from './vm-account.ts';

/** The modes under which cycles are booked. */
const accountModes: readonly ModeLabel[] = ['U', 'HU', 'VU', 'VS', 'HS', 'M'];

const ISSUE = mechanismNumber.issue;
const LEAF_COUNT = accountModes.length * timingMechanisms.length;

/** Bytes of hart memory that the leaves take. */
export const ACCOUNT_BYTES = LEAF_COUNT * Float64Array.BYTES_PER_ELEMENT;

/** Books every cycle of a hart, in its state and on the leaf of the mode and mechanism that it belongs to. */
export class CycleAccount {
  readonly tree: CycleTree<ModeLabel, TimingMechanism>;
  /** The same for each virtual machine. */
  readonly vms: VmAccount;
  /** Told of all that is booked, but not of what generated code books, which therefore is not run while somebody listens. */
  onCharge: ((leaf: number, cycles: number) => void) | undefined;
  readonly #state: HartState;
  readonly #leaves: Float64Array;
  /** The first leaf of each mode. */
  readonly #firsts: ReadonlyMap<ModeLabel, number>;
  readonly #start: number;
  #first = 0;

  /** Keeps the leaves in `ACCOUNT_BYTES` at `offset`, a multiple of 8, of the buffer. */
  constructor(state: HartState, buffer: ArrayBuffer, offset: number) {
    const leaves = new Float64Array(buffer, offset, LEAF_COUNT);
    this.tree = new CycleTree(accountModes, timingMechanisms, leaves);
    this.vms = new VmAccount(this.tree);
    this.#state = state;
    this.#leaves = this.tree.leaves;
    this.#start = offset;
    const [{ name }] = timingMechanisms;
    this.#firsts = new Map(accountModes.map((mode) => [mode, this.tree.leaf(mode, name)]));
    this.enter('M');
  }

  /** Changes the mode that pays. */
  enter(mode: ModeLabel): void {
    this.#first = this.#firsts.get(mode) ?? 0;
  }

  /** Where the leaves of the mode that pays begin in the buffer. */
  get modeLeaves(): number {
    return this.#start + this.#first * Float64Array.BYTES_PER_ELEMENT;
  }

  /** The mode that pays, as `chargeTo` knows it. */
  get payer(): number {
    return this.#first;
  }

  /** Books time that has passed in generated code, which has booked all of it but the issue of instructions. */
  passed(cycles: number, issued: number): void {
    const leaf = this.#first + ISSUE;
    this.#leaves[leaf] = (this.#leaves[leaf] ?? 0) + issued;
    this.#state.cycle += cycles;
  }

  /** Cycles that a mechanism has cost since reset, whatever the mode. */
  cyclesOf(mechanism: TimingMechanism): number {
    let cycles = 0;
    for (
      let leaf = mechanismNumber[mechanism];
      leaf < LEAF_COUNT;
      leaf += timingMechanisms.length
    ) {
      cycles += this.#leaves[leaf] ?? 0;
    }
    return cycles;
  }

  /** Whether every cycle of the hart is on a leaf, and on one only. */
  get isBalanced(): boolean {
    return this.tree.sum() === this.#state.cycle;
  }

  /** Power-on. */
  reset(): void {
    this.tree.reset();
    this.vms.reset();
  }

  /** Lets cycles pass; `mechanism` is its number. */
  charge(mechanism: number, cycles: number): void {
    this.chargeTo(this.#first, mechanism, cycles);
  }

  /** Lets cycles pass that a mode pays which is not the present one. */
  chargeTo(payer: number, mechanism: number, cycles: number): void {
    const leaf = payer + mechanism;
    this.#leaves[leaf] = (this.#leaves[leaf] ?? 0) + cycles;
    this.#state.cycle += cycles;
    this.onCharge?.(leaf, cycles);
  }
}
