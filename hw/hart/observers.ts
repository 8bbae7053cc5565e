import type { TrapRecord } from './progress.ts';

/** An instruction that retired: where, what, and in which cycle of the hart. */
export interface RetiredInstruction {
  readonly pc: bigint;
  readonly word: number;
  readonly cycle: number;
}

/** Who looks at a hart while it runs; nothing is computed for an observer that is not set. */
export interface Observers {
  /** Receives a line per retired instruction, as Spike's `--log-commits` prints it. */
  commitLog: ((line: string) => void) | undefined;
  /** Told of every instruction that retires. */
  onRetire: ((retired: RetiredInstruction) => void) | undefined;
  /** Told of every trap. */
  onTrap: ((trap: TrapRecord) => void) | undefined;
  /** Called once, when `instret` reaches `count`; the owner stops the run. */
  instructionLimit: { readonly count: number; readonly reached: () => void } | undefined;
}
