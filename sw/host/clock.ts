import * as csr from 'rv/csr';
import { csrr } from '../shared/rv.ts';
import { ticksPerSecond } from './machine.ts';

const NANOSECONDS: u64 = 1_000_000_000;

/** Now, in units of `time`. */
export function now(): u64 {
  return csrr(csr.time);
}

/** Units of `time` in so many milliseconds. */
export function milliseconds(count: u64): u64 {
  return (ticksPerSecond * count) / 1000;
}

/** Units of `time` in seconds and nanoseconds, rounded up. */
export function toTicks(seconds: u64, nanoseconds: u64): u64 {
  return seconds * ticksPerSecond + (nanoseconds * ticksPerSecond + NANOSECONDS - 1) / NANOSECONDS;
}

/** Nanoseconds of the part below a second. */
export function nanosecondsOf(time: u64): u64 {
  return ((time % ticksPerSecond) * NANOSECONDS) / ticksPerSecond;
}
