import { lwu, sw } from '../../shared/rv.ts';
import { hartCount, plicAddress, plicContexts } from './machine.ts';

/** Registers of the interrupt controller (FU540 manual, chapter 10). */
const ENABLE: u64 = 0x2000;
const ENABLE_BYTES: u64 = 0x80;
const CONTEXT: u64 = 0x20_0000;
const CONTEXT_BYTES: u64 = 0x1000;
const CLAIM: i32 = 4;

/** The last of a hart's contexts is its supervisor's; on a bare machine the machine mode's comes before it. */
function contextOf(hart: u64): u64 {
  const perHart = plicContexts / hartCount;
  return perHart * hart + perHart - 1;
}

function claimRegister(hart: u64): usize {
  return <usize>(plicAddress + CONTEXT + contextOf(hart) * CONTEXT_BYTES);
}

/** Gives a source the lowest priority that interrupts, for all harts. */
export function allowSource(source: u32): void {
  sw(<usize>plicAddress + (source << 2), 1, 0);
}

/** Lets a source interrupt a hart. */
export function enableSource(hart: u64, source: u32): void {
  const start = plicAddress + ENABLE + contextOf(hart) * ENABLE_BYTES;
  const word = <usize>start + ((source >> 5) << 2);
  sw(word, lwu(word, 0) | (1 << (source & 31)), 0);
}

/** Takes the interrupt that a hart is to serve; 0 = none. */
export function claimSource(hart: u64): u32 {
  return lwu(claimRegister(hart), CLAIM);
}

/** Ends the service of an interrupt. */
export function completeSource(hart: u64, source: u32): void {
  sw(claimRegister(hart), source, CLAIM);
}
