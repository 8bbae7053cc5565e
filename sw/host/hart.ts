import { Thread } from './process/thread.ts';
import { sym_addr, tp } from '../shared/rv.ts';

/** What scounteren holds for processes: all counters are readable at user level. `priv 12.1.5` */
export const ALL_COUNTERS: u64 = 0xffff_ffff;

/** Most harts the kernel can use; harts with larger ids stay stopped. */
export const HART_CAPACITY: u64 = 32;
/** Kernel stack of one hart in bytes. */
export const HART_STACK_BYTES: u64 = 8192;

/** One hart's block; tp points to it while the kernel runs. */
@unmanaged
export class Hart {
  /** Initial stack pointer of a trap: nothing is kept on the kernel's stack between traps. */
  stackTop: usize;
  /** The SBI's hart id. */
  id: u64;
  /** Thread whose registers the hart holds. */
  current: Thread;
  /** Stands for "no thread" in `current`. */
  idle: Thread;
  /** Address space that satp names: root of its table. */
  root: usize;
  /** 1 when the running thread's time is up. */
  timeIsUp: u64;
  /** When the hart's timer is set to, in units of `time`. */
  timer: u64;
  /** How many times over the running thread asked to keep its hart. */
  preemptionDepth: u64;
}

/** Block of the hart that asks. */
export function currentHart(): Hart {
  return changetype<Hart>(tp());
}

/** Block of hart `id` (< HART_CAPACITY). */
export function hartBlock(id: u64): Hart {
  return changetype<Hart>(sym_addr('hart_blocks') + id * offsetof<Hart>());
}

/** Harts that run the kernel, one bit each. */
export let startedHarts: u64 = 0;

/** Counts a hart among those that run the kernel. */
export function noteStarted(id: u64): void {
  startedHarts |= 1 << id;
}
