import type { InterruptName } from '../isa/index.ts';
import type { Checkpointed } from '../kernel/index.ts';

interface Change {
  readonly line: InterruptName;
  readonly level: boolean;
  /** Cycle in which the hart sees it. */
  readonly due: number;
}

/** Lines on their way as a checkpoint keeps them. */
export interface SavedLateLines {
  readonly changes: readonly Change[];
  readonly interruptsFrom: number | null;
}

/** Instructions that have left decode are not interrupted; so many cycles later they have committed. */
const DECODE_TO_WRITE_BACK = 2;

/** Interrupt lines on their way from a device to the hart. */
export class LateLines implements Checkpointed<SavedLateLines> {
  readonly #apply: (line: InterruptName, level: boolean) => void;
  #changes: Change[] = [];
  /** From this cycle on what has changed can interrupt. */
  #interruptsFrom = Infinity;

  constructor(apply: (line: InterruptName, level: boolean) => void) {
    this.#apply = apply;
  }

  /** Nothing is on its way. */
  reset(): void {
    this.#changes = [];
    this.#interruptsFrom = Infinity;
  }

  save(): SavedLateLines {
    const from = this.#interruptsFrom;
    return { changes: this.#changes, interruptsFrom: from === Infinity ? null : from };
  }

  restore({ changes, interruptsFrom }: SavedLateLines): void {
    this.#changes = [...changes];
    this.#interruptsFrom = interruptsFrom ?? Infinity;
  }

  /** A line changes for the hart in a cycle to come. */
  change(line: InterruptName, level: boolean, due: number): void {
    this.#changes.push({ line, level, due });
  }

  /** The cycle from which something may be different. */
  get next(): number {
    return this.#changes.reduce((first, { due }) => Math.min(first, due), this.#interruptsFrom);
  }

  /** Applies what has arrived by a cycle. */
  settle(cycle: number): void {
    if (this.#changes.length === 0) return;
    const arrived = this.#changes.filter(({ due }) => due <= cycle);
    if (arrived.length === 0) return;
    this.#changes = this.#changes.filter(({ due }) => due > cycle);
    for (const { line, level, due } of arrived) {
      this.#apply(line, level);
      this.#interruptsFrom = due + DECODE_TO_WRITE_BACK;
    }
  }

  /** Whether interrupts must be looked at anew in a cycle. */
  interrupts(cycle: number): boolean {
    this.settle(cycle);
    if (cycle < this.#interruptsFrom) return false;
    this.#interruptsFrom = Infinity;
    return true;
  }
}
