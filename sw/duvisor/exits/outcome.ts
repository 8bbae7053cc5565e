/** What happens after an exit was handled. The set is closed: `exits/dispatch.ts` carries out each of them. */
export type Outcome = i32;

/** Run the guest again at the instruction that exited. */
export const RESUME_SAME: Outcome = 0;
/** Run the guest behind the 4-byte instruction that exited. */
export const RESUME_NEXT: Outcome = 1;
/** Run the guest behind the 2-byte instruction that exited. */
export const RESUME_NEXT_COMPRESSED: Outcome = 2;
/** Deliver `injectedCause` and `injectedValue` of the vCPU to the guest's supervisor. */
export const INJECT: Outcome = 3;
/** Leave the run loop: this vCPU has stopped, or the VM has. */
export const STOP: Outcome = 4;
