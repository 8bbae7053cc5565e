import type { Hart } from '../../hw/hart/index.ts';

/** Cycles of one step of all operations of a kind, and of each leaf of the cycle tree. */
export interface StepSum {
  readonly cycles: number;
  /** By leaf number of the hart's cycle tree. */
  readonly leaves: Float64Array;
}

/** All operations of one kind. */
export interface OperationSum {
  readonly count: number;
  /** In the order in which the steps first occurred. */
  readonly steps: ReadonlyMap<string, StepSum>;
}

interface OpenStep {
  cycles: number;
  readonly leaves: Float64Array;
}

interface OpenSum {
  count: number;
  readonly steps: Map<string, OpenStep>;
}

/** The labels that end an operation: the guest goes on, or the interrupt that was sent has been taken. */
const ENDS: readonly string[] = ['guest', 'arrived'];
/** What comes before the hypervisor's first label: the guest's instruction and the trap. */
const FIRST_STEP = 'trap';

/**
 * Divides the operations of a guest into steps, from label to label: a label of the guest that is an operation's name begins it, each further
 * label a step, and `guest` or `arrived` ends it. All cycles in between are the step's, interrupts of the host included.
 */
export class StepMeter {
  readonly sums = new Map<string, OpenSum>();
  readonly #operations: readonly string[];
  readonly #hart: Hart;
  readonly #before: Float64Array;
  #operation: OpenSum | undefined;
  #step = FIRST_STEP;

  constructor(hart: Hart, operationNames: readonly string[]) {
    this.#hart = hart;
    this.#operations = operationNames;
    this.#before = Float64Array.from(hart.account.tree.leaves);
    hart.onLabel = (label) => {
      this.#reached(label);
    };
  }

  #reached(label: string): void {
    if (this.#operations.includes(label)) {
      this.#begin(label);
      return;
    }
    if (this.#operation === undefined) return;
    this.#settle(this.#operation);
    this.#step = label;
    if (!ENDS.includes(label)) return;
    this.#operation.count += 1;
    this.#operation = undefined;
  }

  #begin(name: string): void {
    let sum = this.sums.get(name);
    if (sum === undefined) {
      sum = { count: 0, steps: new Map() };
      this.sums.set(name, sum);
    }
    this.#operation = sum;
    this.#step = FIRST_STEP;
    this.#before.set(this.#hart.account.tree.leaves);
  }

  /** Books what has passed since the last label on the step that ends. */
  #settle({ steps }: OpenSum): void {
    const { leaves } = this.#hart.account.tree;
    let step = steps.get(this.#step);
    if (step === undefined) {
      step = { cycles: 0, leaves: new Float64Array(leaves.length) };
      steps.set(this.#step, step);
    }
    for (let leaf = 0; leaf < leaves.length; leaf++) {
      const now = leaves[leaf] ?? 0;
      const passed = now - (this.#before[leaf] ?? 0);
      if (passed === 0) continue;
      step.cycles += passed;
      step.leaves[leaf] = (step.leaves[leaf] ?? 0) + passed;
      this.#before[leaf] = now;
    }
  }
}
