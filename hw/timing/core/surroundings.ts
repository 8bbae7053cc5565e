import type { Transfer } from './branch-target-buffer.ts';

/**
 * Everything that the stages of a core ask or tell what lies around them: predictors, caches and TLBs, and the addresses of the
 * instruction in hand. Answers are numbers, so that they can be compared; times in them are relative to the cycle of the question.
 */
export interface Surroundings {
  /** What the target buffer says of a fetch address (`targetAnswer`). */
  target(pc: number): number;
  /** What stands for the entry in the answer to `target`: the core only hands it back. */
  entryOf(pc: number, entry: number): number;
  /** What the direction predictor says of a fetch address under the present history: 1 is taken. */
  direction(pc: number): number;
  /** Where the next return goes, or `NOWHERE`. */
  returnTarget(): number;
  /** What becomes of a fetch whose first stage is in a cycle (`fetchAnswer`). */
  fetch(pc: number, isCertain: boolean, cycle: number): number;
  /** How many cycles, `most` or fewer, pass from one on before the fetch that is waiting for its word becomes anything else. */
  rest(most: number, cycle: number): number;
  /** First stage of an access: the walk that it must wait for (`walkAnswer`), or `NOTHING`. */
  translate(cycle: number): number;
  /** Second stage of an access by the instruction whose control word has a number: `accessAnswer`. */
  access(view: number, cycle: number): number;
  /** Whether a store-conditional that reaches the second stage in a cycle comes too late for its reservation: 1 or 0. */
  isLate(cycle: number): number;
  /** A PAUSE goes on from decode in a cycle: how many more until it is over. */
  pause(cycle: number): number;
  /** Whether a load of so many bytes meets one of the pending stores; the set says which are there (`PendingStore`). */
  meets(stores: number, bytes: number): boolean;
  /** A store of so many bytes, or with 0 one of which nothing is known, becomes the younger pending one. */
  holdStore(bytes: number): void;
  /** The younger pending store becomes the older one. */
  passStore(): void;
  /** An entry of the target buffer predicted a taken transfer. */
  useTarget(entry: number): void;
  /** The target buffer learns that the half-word at `pc` ends a transfer to `target`. */
  learnTarget(update: TargetUpdate, target: number): void;
  /** The target buffer drops everything. */
  dropTargets(): void;
  pushReturn(address: number): void;
  popReturn(): void;
  /** The history takes in an outcome that fetch predicts. */
  predict(taken: number): void;
  /** A branch fetched at `pc`, so many outcomes ago, has been resolved. */
  resolve(pc: number, age: number, taken: number): void;
  /** The history forgets the latest outcomes. */
  rewind(age: number): void;
  /** FENCE.I. */
  emptyInstructionCache(): void;
}

/** A change of the target buffer, made in the cycle after it was asked for, when the target is being fetched. */
export interface TargetUpdate {
  /** The entry that predicted, or one past the last to take the place of the oldest. */
  readonly entry: number;
  readonly isValid: boolean;
  readonly kind: Transfer;
  /** Address of the half-word that ends the transfer. */
  readonly pc: number;
}

/** An answer that says that there is none. */
export const NOTHING = -1;
