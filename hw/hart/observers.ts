import type { Decoded } from '../isa/index.ts';
import type { TrapRecord } from './progress.ts';

/** An instruction that retired: where, what, and in which cycle of the hart. */
export interface RetiredInstruction {
  readonly pc: bigint;
  readonly word: number;
  readonly cycle: number;
}

/** Follows a hart instruction by instruction; it is told of everything in the order in which it happens. */
export interface Follower {
  /** The next instruction, or an interrupt in its place, begins at an address in unsigned halves. */
  begins(pcHigh: number, pcLow: number): void;
  /** The instruction retired, and the program counter is that of the next one. */
  retires(decoded: Decoded): void;
  /** A trap was taken. */
  traps(trap: TrapRecord): void;
  /** Cycles were booked on a leaf of the cycle tree, by its number. */
  charged(leaf: number, cycles: number): void;
}

/** Who looks at a hart while it runs; nothing is computed for an observer that is not set. */
export interface Observers {
  /** Receives a line per retired instruction, as Spike's `--log-commits` prints it. */
  commitLog: ((line: string) => void) | undefined;
  /** Told of every instruction that retires. */
  onRetire: ((retired: RetiredInstruction) => void) | undefined;
  /** Follows every instruction; set by `Hart.follow`. */
  readonly follower: Follower | undefined;
  /** Told of every trap, in the order of the hart's, but not always at once. */
  onTrap: ((trap: TrapRecord) => void) | undefined;
  /** Told when software comes to a place that the hart's labels name, before the instruction there. */
  onLabel: ((name: string) => void) | undefined;
  /** Called once, when `instret` reaches `count`; the owner stops the run. */
  instructionLimit: { readonly count: number; readonly reached: () => void } | undefined;
}
