import type { Checkpointed } from '../../kernel/index.ts';
import type { ExitAnatomy } from './exit-anatomy.ts';
import type { ExitGroup } from './exit-group.ts';
import { type ExitStart, exitSteps, Step } from './exit-steps.ts';

/** The last exit of a virtual machine as a checkpoint keeps it. */
export interface SavedExit {
  readonly start: ExitStart;
  readonly isUnderWay: boolean;
  readonly isProbed: boolean;
  readonly interrupted: number;
  readonly cycles: readonly number[];
  readonly step: number;
  readonly since: number;
}

const NOWHERE = { pcHigh: 0, pcLow: 0 } as const;
const NOBODY: ExitStart = { handler: '', cause: '', vmid: -1, before: 0, after: 0, ...NOWHERE };

/** The exits of one virtual machine, of which one at most is under way. */
export class OpenExit implements Checkpointed<SavedExit> {
  readonly start: { -readonly [Name in keyof ExitStart]: ExitStart[Name] } = { ...NOBODY };
  isUnderWay = false;
  isProbed = false;
  /** The step that goes on after the nested interrupt, by place; negative if there is none. */
  interrupted = -1;
  /** Where exits of the kind of the last one are summed up. */
  group: ExitGroup | undefined;
  /** Where the cycles of each step went, if somebody asks. */
  anatomy: ExitAnatomy | undefined;
  /** Cycles by step. */
  readonly cycles = new Float64Array(exitSteps.length);
  #step = 0;
  #since = 0;

  /** A guest was left. */
  begin(start: ExitStart): void {
    this.#copy(start);
    this.isUnderWay = true;
    this.isProbed = false;
    this.interrupted = -1;
    // `fill` costs more than the rest of an exit.
    for (let step = 0; step < this.cycles.length; step++) this.cycles[step] = 0;
    this.add(Step.trap, start.after - start.before);
    this.anatomy?.begin(Step.trap, start.before);
    this.#step = Step.save;
    this.#since = start.after;
  }

  save(): SavedExit {
    const { start, isUnderWay, isProbed, interrupted } = this;
    const cycles = [...this.cycles];
    const progress = { step: this.#step, since: this.#since };
    return { start: { ...start }, isUnderWay, isProbed, interrupted, cycles, ...progress };
  }

  restore({ start, isUnderWay, isProbed, interrupted, cycles, step, since }: SavedExit): void {
    this.#copy(start);
    this.isUnderWay = isUnderWay;
    this.isProbed = isProbed;
    this.interrupted = interrupted;
    this.cycles.set(cycles);
    this.#step = step;
    this.#since = since;
  }

  // Each exit would else leave an object behind.
  #copy({ handler, cause, vmid, before, after, pcHigh, pcLow }: ExitStart): void {
    const { start } = this;
    start.handler = handler;
    start.cause = cause;
    start.vmid = vmid;
    start.before = before;
    start.after = after;
    start.pcHigh = pcHigh;
    start.pcLow = pcLow;
  }

  /** The step that is being made, by place. */
  get step(): number {
    return this.#step;
  }

  /** The next step begins. */
  enter(step: number, cycle: number): void {
    this.add(this.#step, cycle - this.#since);
    this.anatomy?.move(this.#step, step, cycle);
    this.#step = step;
    this.#since = cycle;
  }

  /** Books cycles on a step. */
  add(step: number, cycles: number): void {
    this.cycles[step] = (this.cycles[step] ?? 0) + cycles;
  }
}
