/**
 * What is thrown when an instruction raises an exception. One object serves the whole machine: it is filled in and thrown
 * where the exception is found, and read where the hart takes the trap, before anything else can raise another.
 */
export class TrapSignal extends Error {
  override readonly name = 'TrapSignal';
  /** Exception code (`Cause`). */
  override cause = 0;
  /** Value for the trap value register: a virtual address, an instruction word or 0. */
  tval = 0n;
  /** Whether `tval` is a guest virtual address (priv 18.2.1, `GVA`). */
  gva = false;
  /** Guest physical address of a guest-page fault or of a refusal by memory checking, not yet shifted; else 0. */
  gpa = 0n;
  /** Value for `mtinst`/`htinst`: a transformed or pseudo instruction, or 0 (priv 18.6.3). */
  tinst = 0n;
}

/** The guest side of a trap: where a guest-page fault happened and how to report it. */
export type GuestDetails = Partial<Pick<TrapSignal, 'gva' | 'gpa' | 'tinst'>>;

/** The one signal; its stack is that of this line and means nothing. */
const signal = new TrapSignal();

/** Raises an exception: leaves the instruction being executed without any further effect. */
export function raise(cause: number, tval: bigint, details?: GuestDetails): never {
  signal.cause = cause;
  signal.tval = tval;
  signal.gva = details?.gva ?? false;
  signal.gpa = details?.gpa ?? 0n;
  signal.tinst = details?.tinst ?? 0n;
  throw signal;
}
