import { createHash } from 'node:crypto';
import { type Machine, run, type RunEnd } from '../../platforms/index.ts';

/** Everything that a run leaves, of which nothing may depend on where it was cut. */
export interface Outcome {
  readonly end: RunEnd;
  readonly statistics: string;
  /** Hash of the state, by section. */
  readonly state: Readonly<Record<string, string>>;
}

/** Collects what a machine prints from now on. */
export function listen(machine: Machine, printed: number[] = []): number[] {
  machine.console$.subscribe(({ byte }) => printed.push(byte));
  return printed;
}

/** Runs a machine to its end. */
export function finish(machine: Machine, cycles = 20_000_000): Outcome {
  const steps = run(machine, { cycles });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const sections = [...machine.checkpoint.save()].map(([name, bytes]) => {
    return [name, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return {
    end: step.value,
    statistics: JSON.stringify(machine.statistics.snapshot()),
    state: Object.fromEntries(sections),
  };
}
