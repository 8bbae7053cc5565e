import { Process } from '../process/process.ts';

/** Where mmap places areas: from here up to the stacks. */
export const MAP_START: u64 = 0x10_0000_0000;
const MAP_END: u64 = 0x3f_0000_0000;
/** End of the first thread's stack, and its size. */
export const STACK_END: u64 = 0x3f_ffff_f000;
export const STACK_BYTES: u64 = 0x1_0000;

/** Sets aside user addresses that were never used before; a page between areas stays unmapped. 0 when there are none left. */
export function reserveAddresses(process: Process, length: u64, alignment: u64): u64 {
  const start = (process.mapNext + alignment - 1) & ~(alignment - 1);
  if (start + length > MAP_END || start + length < start) return 0;
  process.mapNext = start + length + 4096;
  return start;
}
