import * as csr from 'rv/csr';
import { csrr } from '../../shared/rv.ts';
import { CLOCK_MONOTONIC, Timespec } from '../../shared/syscalls.ts';
import { readClock } from '../host.ts';

const reading: usize = memory.data(offsetof<Timespec>(), 8);

/** Ticks of the `time` counter per second; 0 until `measureTimebase` ran. */
export let timebase: u64 = 0;
/** What the guest's clock lags behind the machine's: its time counts from its own start (`hutimedelta`, priv 18.2.6). */
export let timeDelta: u64 = 0;

/**
 * Finds the frequency of the `time` counter from the host's clock: both count from reset, so a clock reading between two equal
 * counter readings gives the frequency. (The guest's device tree must state it; no system call does.)
 */
export function measureTimebase(): void {
  const clock = changetype<Timespec>(reading);
  let ticks: u64 = 0;
  let nanoseconds: u64 = 0;
  do {
    ticks = csrr(csr.time);
    readClock(CLOCK_MONOTONIC, clock);
    nanoseconds = <u64>clock.seconds * 1_000_000_000 + <u64>clock.nanoseconds;
  } while (csrr(csr.time) != ticks || nanoseconds == 0);
  const perMillisecond = (ticks * 1_000_000 + nanoseconds / 2) / nanoseconds;
  timebase = perMillisecond * 1000;
  timeDelta = 0 - ticks;
}

/** Length of a time given in ticks of the `time` counter, rounded up; long times are cut to about a day. */
export function nanosecondsOf(ticks: u64): u64 {
  const limit = timebase * 86_400;
  if (ticks > limit) ticks = limit;
  const whole = ticks / timebase;
  const rest = ticks % timebase;
  return whole * 1_000_000_000 + (rest * 1_000_000_000 + timebase - 1) / timebase;
}
