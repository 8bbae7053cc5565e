import type { Machine, SoftwareVerdict } from '../machine.ts';
import { Watchdog, type Hang } from './watchdog.ts';

/** When a run ends even if software does not end it. */
export interface RunLimits {
  /** Core cycles since reset. */
  readonly cycles: number;
  /** Instructions of one hart; unlimited if absent. */
  readonly instructions?: number | undefined;
}

/** How a run ended. */
export type RunEnd =
  | ({ readonly kind: 'verdict' } & SoftwareVerdict)
  | { readonly kind: 'budget'; readonly unit: 'cycles' | 'instructions' }
  | { readonly kind: 'hang'; readonly hang: Hang };

/** Where a run halts on its way, for somebody to look at the machine or to save it. */
export interface Halts {
  /** Core cycles in ascending order, none of which is past. */
  readonly cycles: readonly number[];
  readonly reached: (machine: Machine) => void;
}

/** Core cycles between two looks at a running machine; short enough to answer a key press. */
const sliceCycles = 100_000;

/** Where the next slice of a run ends. It depends on the present alone, not on where the run began or halted. */
export function sliceEnd(machine: Machine, { cycles }: RunLimits): number {
  const slices = Math.floor(machine.presentCycle / sliceCycles) + 1;
  return Math.min(endOfTurns(machine, slices * sliceCycles), cycles);
}

/** The first cycle from `cycle` on at which harts that take turns by a quantum have all had theirs: a cut there is not seen. */
export function endOfTurns({ harts, platform: { quantum } }: Machine, cycle: number): number {
  if (quantum === 'exact' || harts.length === 1) return cycle;
  return Math.ceil(cycle / quantum) * quantum;
}

/**
 * Runs a machine until software ends it, a limit is reached or it hangs. Yields now and then, so that a caller can
 * show progress, let other work go on, or give up; where it yields or halts has no effect on the result.
 */
export function* run(
  machine: Machine,
  limits: RunLimits,
  halts: Halts = { cycles: [], reached: () => undefined },
): Generator<undefined, RunEnd> {
  if (limits.instructions !== undefined) machine.limitInstructions(limits.instructions);
  const watchdog = new Watchdog(machine);
  const ahead = halts.cycles.map((cycle) => endOfTurns(machine, cycle));
  for (;;) {
    const target = sliceEnd(machine, limits);
    const halt = ahead[0] ?? Infinity;
    const outcome = machine.runTo(Math.min(target, halt));
    if (outcome.kind === 'stopped') {
      const { reason } = outcome;
      return reason.kind === 'verdict' ? reason : { kind: 'budget', unit: reason.kind };
    }
    if (outcome.kind === 'limit' && halt <= target) {
      ahead.shift();
      halts.reached(machine);
      // The watchdog looks at the ends of slices only, so that it finds the same whether the run halts or not.
      if (halt < target) continue;
    }
    const hang = watchdog.look(outcome.kind === 'deadlock');
    if (hang !== undefined) return { kind: 'hang', hang };
    if (target >= limits.cycles) return { kind: 'budget', unit: 'cycles' };
    yield undefined;
  }
}
