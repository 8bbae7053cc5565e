import * as csr from 'rv/csr';
import { csrr } from '../shared/rv.ts';
import { CLOCK_MONOTONIC, Timespec } from '../shared/syscalls.ts';
import { readClock } from './host.ts';

/** Nanoseconds of a second. */
export const NANOSECONDS: u64 = 1_000_000_000;

const reading: usize = memory.data(offsetof<Timespec>(), 8);

/** Ticks of the `time` counter per second; 0 until `measureTimebase` ran. */
export let timebase: u64 = 0;
/** What the guest's clock lags behind the machine's: its time counts from its own start (`hutimedelta`, priv 18.2.6). */
export let timeDelta: u64 = 0;

/**
 * Finds the frequency of the `time` counter, which the guest's device tree must state and no system call does: the counter and
 * the host's clock both count from reset, so reading the counter before and after the clock bounds their ratio. Of the
 * frequencies in between the roundest is taken, as crystals are made.
 */
export function measureTimebase(): void {
  const clock = changetype<Timespec>(reading);
  const before = csrr(csr.time);
  readClock(CLOCK_MONOTONIC, clock);
  const after = csrr(csr.time);
  const nanoseconds = <u64>clock.seconds * NANOSECONDS + <u64>clock.nanoseconds;
  timebase = roundest(frequencyOf(before, nanoseconds), frequencyOf(after, nanoseconds));
  timeDelta = 0 - after;
}

function frequencyOf(ticks: u64, nanoseconds: u64): u64 {
  return (ticks * NANOSECONDS) / nanoseconds;
}

/** The number from `least` to `most` with the most zeros at its end. */
function roundest(least: u64, most: u64): u64 {
  for (let step: u64 = NANOSECONDS; step > 1; step /= 10) {
    const candidate = (most / step) * step;
    if (candidate != 0 && candidate >= least) return candidate;
  }
  return most;
}

/** Length of a time given in ticks of the `time` counter, rounded up; long times are cut to 2^30 seconds. */
export function nanosecondsOf(ticks: u64): u64 {
  const limit = timebase << 30;
  if (ticks > limit) ticks = limit;
  const whole = ticks / timebase;
  const rest = ticks % timebase;
  return whole * NANOSECONDS + (rest * NANOSECONDS + timebase - 1) / timebase;
}
