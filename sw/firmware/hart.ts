import { Registers } from '../shared/registers.ts';
import { sym_addr, tp } from '../shared/rv.ts';

/** Most harts the firmware can hold blocks and stacks for; hart ids are below this. */
export const HART_CAPACITY: u64 = 32;
/** Stack of one hart in bytes. */
export const HART_STACK_BYTES: u64 = 4096;

/**
 * One hart's block. It starts with the registers of the interrupted program, tp and mscratch point to it while the firmware runs,
 * mscratch alone while it does not.
 */
@unmanaged
export class Hart extends Registers {
  /** mepc of the interrupted program; where mret goes. */
  pc: u64;
  /** mstatus of the interrupted program; what mret uses. */
  status: u64;
  /** Initial stack pointer of a trap. */
  stackTop: usize;
  /** mhartid. */
  id: u64;
  /** SBI_HSM_STATE_*; word for atomics. */
  state: u32;
  /** Requests from other harts, REQUEST_* bits; word for atomics. */
  requests: u32;
  /** hart_start: where to begin. */
  startAddress: u64;
  /** hart_start: the new a1. */
  startOpaque: u64;
  /** Second result of the SBI call in progress. */
  value: u64;
  /** VM whose PMC ranges are programmed, 0 = none. */
  vm: u64;
}

/** Block of the hart that asks. */
export function currentHart(): Hart {
  return changetype<Hart>(tp());
}

/** Block of hart `id` (< HART_CAPACITY). */
export function hartBlock(id: u64): Hart {
  return changetype<Hart>(sym_addr('hart_blocks') + id * offsetof<Hart>());
}
