/** An instruction that the hart has executed, or that trapped, as far as its time depends on it. */
export interface Executed {
  /** Its address, and that of the instruction that follows unless it traps. */
  readonly pc: number;
  readonly nextPc: number;
  /** Whether a branch was taken; jumps always are. */
  readonly isTaken: boolean;
  /** Whether it made an access, or has tried to if it traps; and whether that was a store-conditional without a reservation. */
  readonly hasAccess: boolean;
  readonly fails: boolean;
  /**
   * A multiplication or division: the cycles that it takes; of floating-point numbers: the kind of its operands
   * (`dividerOperands`). 0 of any other.
   */
  readonly operands: number;
  /** It takes a trap, and counts as retired all the same or not. */
  readonly traps: boolean;
  readonly retires: boolean;
  /** An interrupt takes its place in decode, and its trap. */
  readonly isInterrupted: boolean;
}

/** An instruction that has not left decode, of which nothing matters but its address. */
export const UNDECODED: Executed = {
  pc: 0,
  nextPc: 0,
  isTaken: false,
  hasAccess: false,
  fails: false,
  operands: 0,
  traps: false,
  retires: true,
  isInterrupted: false,
};

const FAILS = 2;
const ACCESSES = 4;
const TRAPS = 8;
const OPERANDS = 16;

/** Everything that an instruction did besides where it went, as one number; what traps has no operands. */
export function variantOf(executed: Executed): number {
  const { isTaken, fails, hasAccess, traps, retires, isInterrupted, operands } = executed;
  const trap = (retires ? OPERANDS : 0) | (isInterrupted ? 2 * OPERANDS : 0);
  return (
    (isTaken ? 1 : 0) |
    (fails ? FAILS : 0) |
    (hasAccess ? ACCESSES : 0) |
    (traps ? TRAPS : 0) |
    (traps ? trap : operands * OPERANDS)
  );
}
