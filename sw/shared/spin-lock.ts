import { amoswap_w, fence, FENCE_RW, FENCE_W, lw, pause, sw } from './rv.ts';

/** Mutual exclusion between harts; 0 = free. The word must be 4-byte aligned. */

/** Waits until the lock is free and takes it. */
export function acquire(lock: usize): void {
  while (amoswap_w(lock, 1) != 0) {
    // reading first keeps the waiting hart from taking the line away from the owner
    while (lw(lock, 0) != 0) pause();
  }
}

/** Gives the lock back; everything done under it is visible before. */
export function release(lock: usize): void {
  fence(FENCE_RW, FENCE_W);
  sw(lock, 0, 0);
}
