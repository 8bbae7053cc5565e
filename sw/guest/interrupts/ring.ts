import { cstr, ld, sd } from '../../shared/rv.ts';
import { takeInterrupts } from '../runtime/interrupts.ts';
import { MAXIMUM_HARTS } from '../runtime/limits.ts';
import { hartCount } from '../runtime/machine.ts';
import { check } from '../runtime/verdict.ts';
import { interruptHart } from './post.ts';

/** How often the interrupt comes to each hart. */
const LAPS: u64 = 40;

const counts: usize = memory.data(8 * MAXIMUM_HARTS, 64);

function countOf(hart: u64): usize {
  return counts + <usize>(hart << 3);
}

/** A hart has been interrupted: it counts, and interrupts the next one until the last lap ends at hart 0. */
export function serveRing(hart: u64): void {
  const count = ld(countOf(hart), 0) + 1;
  sd(countOf(hart), count, 0);
  if (hart != 0 || count < LAPS) interruptHart(hart + 1 < hartCount ? hart + 1 : 0);
}

/** Sends one software interrupt round all harts. */
export function runRing(hart: u64): void {
  if (hart == 0) interruptHart(hartCount > 1 ? 1 : 0);
  while (ld(countOf(hart), 0) < LAPS) takeInterrupts();
  if (hart != 0) return;
  let sum: u64 = 0;
  for (let other: u64 = 0; other < hartCount; other++) sum += ld(countOf(other), 0);
  check(cstr('ring'), sum, LAPS * hartCount);
}

/** Software interrupts of a hart beyond those of the ring. */
export function strayInterrupts(hart: u64): u64 {
  return ld(countOf(hart), 0) - LAPS;
}
