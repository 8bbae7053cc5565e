import { lwu, sw } from '../shared/rv.ts';
import { plicAddress } from './machine.ts';
import { deviceAddress } from './memory/page-table.ts';

/** Registers of the interrupt controller (FU540 manual, chapter 10). */
const ENABLE: usize = 0x2000;
const ENABLE_BYTES: usize = 0x80;
const CONTEXT: usize = 0x20_0000;
const CONTEXT_BYTES: usize = 0x1000;
const CLAIM: i32 = 4;

/** Each hart has a context of M and one of S, in this order. */
function contextOf(hart: u64): usize {
  return <usize>(2 * hart + 1);
}

function plic(): usize {
  return deviceAddress(plicAddress);
}

/** Whether the machine has an interrupt controller that the kernel reaches. */
export function hasPlic(): bool {
  return plicAddress != 0 && plic() != 0;
}

/** Lets a source interrupt the kernel on a hart. */
export function enableSource(source: u32, hart: u64): void {
  const word = plic() + ENABLE + contextOf(hart) * ENABLE_BYTES + ((source >> 5) << 2);
  sw(plic() + (source << 2), 1, 0);
  sw(word, lwu(word, 0) | (1 << (source & 31)), 0);
}

/** Takes the interrupt that a hart is to serve; 0 = none. */
export function claimSource(hart: u64): u32 {
  return lwu(plic() + CONTEXT + contextOf(hart) * CONTEXT_BYTES, CLAIM);
}

/** Ends the service of an interrupt. */
export function completeSource(hart: u64, source: u32): void {
  sw(plic() + CONTEXT + contextOf(hart) * CONTEXT_BYTES, source, CLAIM);
}
