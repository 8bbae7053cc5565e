import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrr, csrs, ld, sd, wfi } from '../../shared/rv.ts';
import { setTimer } from '../runtime/timer.ts';

/** What the trap handler and the measurements share about timer interrupts. */

const STIE: u64 = 1 << interrupt.stip;
const cycleWord: usize = memory.data(8, 8);
const countWord: usize = memory.data(8, 8);

/** While not 0, the handler sets the timer again this many ticks ahead: the kernel's clock. */
let clockPeriod: u64 = 0;

/** Handles a timer interrupt; outside the clock it closes the enable bit rather than pay for another call. */
export function handleTimerInterrupt(): void {
  sd(cycleWord, csrr(csr.cycle), 0);
  sd(countWord, ld(countWord, 0) + 1, 0);
  if (clockPeriod == 0) csrc(csr.sie, STIE);
  else setTimer(csrr(csr.time) + clockPeriod);
}

/** Lets one timer interrupt through, and waits for it. */
export function awaitTimerInterrupt(): void {
  const before = ld(countWord, 0);
  csrs(csr.sie, STIE);
  csrs(csr.sstatus, csr.sstatus_sie);
  while (ld(countWord, 0) == before) {}
  csrc(csr.sstatus, csr.sstatus_sie);
}

/** Sleeps until a timer interrupt `ticks` ahead is pending; gives whether it came neither early nor never. */
export function sleepFor(ticks: u64): bool {
  const deadline = csrr(csr.time) + ticks;
  setTimer(deadline);
  csrs(csr.sie, STIE);
  while ((csrr(csr.sip) & STIE) == 0) wfi();
  csrc(csr.sie, STIE);
  return csrr(csr.time) >= deadline;
}

/** Starts the clock. */
export function startClock(period: u64): void {
  clockPeriod = period;
  setTimer(csrr(csr.time) + period);
  csrs(csr.sie, STIE);
}

/** Stops the clock. */
export function stopClock(): void {
  csrc(csr.sie, STIE);
  clockPeriod = 0;
}

/** `cycle` as the latest timer interrupt's handler read it. */
export function timerInterruptCycle(): u64 {
  return ld(cycleWord, 0);
}

/** Timer interrupts so far. */
export function timerInterruptCount(): u64 {
  return ld(countWord, 0);
}
