import { FENCE_RW, FENCE_W, amoadd_d, fence, ld, pause, sd } from '../../shared/rv.ts';
import { hartCount } from '../runtime/machine.ts';

/** The harts of the guest work together in phases: the first says when one begins, and waits until all others have done their part. */

const phaseWord: usize = memory.data(8, 64);
const doneWord: usize = memory.data(8, 64);

/** Lets the other harts begin a phase; phases are numbered from 1. */
export function beginPhase(phase: u64): void {
  sd(doneWord, 0, 0);
  fence(FENCE_RW, FENCE_W);
  sd(phaseWord, phase, 0);
}

/** Waits until they have done their part of it. */
export function endPhase(): void {
  while (ld(doneWord, 0) != hartCount - 1) pause();
}

/** Waits for a phase, on another hart than the first. */
export function awaitPhase(phase: u64): void {
  while (ld(phaseWord, 0) < phase) pause();
}

/** The hart has done its part of the phase. */
export function leavePhase(): void {
  fence(FENCE_RW, FENCE_RW);
  amoadd_d(doneWord, 1);
}
