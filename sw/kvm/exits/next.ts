/** What happens after an exit was handled. The set is closed: `sw/kvm/run.ts` carries out each of them. */
export type Next = i32;

/** Enter the guest again. */
export const CONTINUE: Next = 0;
/** Return to the process, which reads why in its RunPage. */
export const TO_PROCESS: Next = 1;
/** Sleep until there is something for the guest's hart to do. */
export const BLOCK: Next = 2;
