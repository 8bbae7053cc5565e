import type { InterruptName } from '../isa/index.ts';
import type { Checkpointed } from '../kernel/index.ts';
import { DECODE_TO_COMMIT } from '../timing/index.ts';

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

/** The core that lines go to. */
export interface LateLinesPorts {
  readonly apply: (line: InterruptName, level: boolean) => void;
  /** The core in stages, which knows what is behind decode. */
  readonly core: () => { readonly age: number; linger(until: number): void } | undefined;
}

/**
 * Interrupt lines on their way from a device to a core. An interrupt takes the place of what is in decode: what has left it
 * commits before.
 */
export class LateLines implements Checkpointed<SavedLateLines> {
  readonly #ports: LateLinesPorts;
  #changes: Change[] = [];
  /** From this cycle on what has changed can interrupt what is in decode. */
  #interruptsFrom = Infinity;

  constructor(ports: LateLinesPorts) {
    this.#ports = ports;
  }

  /** What is on its way has arrived. */
  reset(): void {
    for (const { line, level } of this.#changes) this.#ports.apply(line, level);
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

  /** Whether a line is on its way, or has arrived and waits for what has left decode. */
  get arePending(): boolean {
    return this.#changes.length > 0 || this.#interruptsFrom !== Infinity;
  }

  /** With rules: a line has arrived, but what has left decode goes first, whatever else makes interrupts be looked at anew. */
  get holdsBack(): boolean {
    return this.#interruptsFrom !== Infinity && this.#ports.core() === undefined;
  }

  /** Applies what has arrived by a cycle. */
  settle(cycle: number): void {
    if (this.#changes.length === 0) return;
    const arrived = this.#changes.filter(({ due }) => due <= cycle);
    if (arrived.length === 0) return;
    this.#changes = this.#changes.filter(({ due }) => due > cycle);
    for (const { line, level, due } of arrived) {
      this.#ports.apply(line, level);
      this.#interruptsFrom = Math.min(this.#interruptsFrom, due);
    }
  }

  /**
   * Whether interrupts must be looked at anew in front of an instruction, in a cycle and before a bound. Up to the arrival of a line
   * time passes while that instruction stays in decode.
   */
  interrupts(cycle: () => number, bound: number): boolean {
    if (!this.arePending) return false;
    const core = this.#ports.core();
    const first = this.#changes.reduce((least, { due }) => Math.min(least, due), Infinity);
    if (cycle() < first && first < Infinity) core?.linger(Math.min(first, bound));
    this.settle(cycle());
    if (this.#interruptsFrom === Infinity) return false;
    // With rules nothing keeps the instruction that could commit now in decode.
    const age = core === undefined ? DECODE_TO_COMMIT : core.age;
    if (cycle() < this.#interruptsFrom + age) return false;
    this.#interruptsFrom = Infinity;
    return true;
  }
}
