import { Hart } from '../host/hart.ts';

/**
 * Around the world switch the thread may not lose its hart, as Linux counts it. This kernel takes a hart away only from threads that leave it, so
 * that the count decides nothing; the scheduler makes sure of it.
 */

/** Keeps the thread on its hart. */
export function disablePreemption(hart: Hart): void {
  hart.preemptionDepth++;
}

/** The end of `disablePreemption`. */
export function enablePreemption(hart: Hart): void {
  hart.preemptionDepth--;
}
