import { sbi_ecall1 } from '../../shared/rv.ts';
import { SBI_TIME, SBI_TIME_SET_TIMER } from '../../shared/sbi.ts';

/** A deadline that never comes. */
export const NEVER: u64 = ~0;

/** Sets the `time` at which the timer interrupt comes (sbi 6.1). */
export function setTimer(deadline: u64): void {
  sbi_ecall1(SBI_TIME, SBI_TIME_SET_TIMER, deadline);
}
