import type { TrapRecord } from './progress.ts';

/** Who looks at a hart while it runs; nothing is computed for an observer that is not set. */
export interface Observers {
  /** Receives a line per retired instruction, as Spike's `--log-commits` prints it. */
  commitLog: ((line: string) => void) | undefined;
  /** Told of every trap. */
  onTrap: ((trap: TrapRecord) => void) | undefined;
  /** Called once, when `instret` reaches `count`; the owner stops the run. */
  instructionLimit: { readonly count: number; readonly reached: () => void } | undefined;
}
