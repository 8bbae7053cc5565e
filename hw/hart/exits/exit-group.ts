import type { Checkpointed } from '../../kernel/index.ts';
import { Accumulator, type SavedSpread, type Spread } from './cycle-spread.ts';
import { type ExitStart, type ExitStep, exitSteps } from './exit-steps.ts';
import type { OpenExit } from './open-exit.ts';

/** All exits of one kind. */
export interface ExitSummary {
  /** The mode that handled them, and the cause by the manual's name. */
  readonly handler: string;
  readonly cause: string;
  /** From the guest's last instruction to its next, as the guest sees it. */
  readonly total: Spread;
  readonly steps: Readonly<Record<ExitStep, Spread>>;
}

/** Exits of one kind as a checkpoint keeps them. */
export interface SavedGroup {
  readonly handler: string;
  readonly cause: string;
  readonly total: SavedSpread;
  readonly steps: readonly SavedSpread[];
}

/** All exits of one kind: their cycles in all, and by step. */
export class ExitGroup implements Checkpointed<SavedGroup> {
  readonly handler: string;
  readonly cause: string;
  readonly total = new Accumulator();
  readonly steps = exitSteps.map(() => new Accumulator());

  constructor({ handler, cause }: Pick<ExitStart, 'handler' | 'cause'>) {
    this.handler = handler;
    this.cause = cause;
  }

  /** Whether an exit is of this kind. */
  holds({ handler, cause }: ExitStart): boolean {
    return handler === this.handler && cause === this.cause;
  }

  /** Adds a finished exit. */
  add({ start, cycles }: OpenExit, end: number): void {
    this.total.add(end - start.before);
    for (let place = 0; place < cycles.length; place++) {
      const count = cycles[place] ?? 0;
      if (count > 0) this.steps[place]?.add(count);
    }
  }

  save(): SavedGroup {
    const { handler, cause, total, steps } = this;
    return { handler, cause, total: total.save(), steps: steps.map((step) => step.save()) };
  }

  restore({ total, steps }: SavedGroup): void {
    this.total.restore(total);
    for (const [place, saved] of steps.entries()) this.steps[place]?.restore(saved);
  }

  /** The exits so far. */
  summary(): ExitSummary {
    const { handler, cause, total, steps } = this;
    const all = total.spread();
    const spreads = steps.map((step, place) => [exitSteps[place], step.spread(all.count)] as const);
    return {
      handler,
      cause,
      total: all,
      steps: Object.fromEntries(spreads) as Record<ExitStep, Spread>,
    };
  }
}
