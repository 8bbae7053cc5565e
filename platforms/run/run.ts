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

/** Core cycles between two looks at a running machine; short enough to answer a key press. */
const sliceCycles = 100_000;

/** Where the next slice of a run ends. */
export function sliceEnd(machine: Machine, { cycles }: RunLimits): number {
  return Math.min(machine.cycle + sliceCycles, cycles);
}

/**
 * Runs a machine until software ends it, a limit is reached or it hangs. Yields now and then, so that a caller can
 * show progress, let other work go on, or give up; where it yields has no effect on the result.
 */
export function* run(machine: Machine, limits: RunLimits): Generator<undefined, RunEnd> {
  if (limits.instructions !== undefined) machine.limitInstructions(limits.instructions);
  const watchdog = new Watchdog(machine);
  for (;;) {
    const target = sliceEnd(machine, limits);
    const outcome = machine.runTo(target);
    if (outcome.kind === 'stopped') {
      const { reason } = outcome;
      return reason.kind === 'verdict' ? reason : { kind: 'budget', unit: reason.kind };
    }
    const hang = watchdog.look(outcome.kind === 'deadlock');
    if (hang !== undefined) return { kind: 'hang', hang };
    if (target >= limits.cycles) return { kind: 'budget', unit: 'cycles' };
    yield undefined;
  }
}
