import { ClockDomain, HeapScheduler, type EventQueue } from '../hw/kernel/index.ts';
import type { Platform } from './platform.ts';

/** The clocks of a machine: ratios of one time base, whose tick is the longest that all periods are multiples of. */
export interface TimeBase {
  readonly core: ClockDomain;
  readonly rtc: ClockDomain;
}

/** Makes the clock domains of a platform. */
export function elaborateTimeBase({ clock }: Platform, queue: EventQueue): TimeBase {
  const scheduler = new HeapScheduler(queue);
  const ticksPerSecond = leastCommonMultiple(clock.core, clock.rtc);
  return {
    core: new ClockDomain('core', ticksPerSecond / clock.core, scheduler),
    rtc: new ClockDomain('rtc', ticksPerSecond / clock.rtc, scheduler),
  };
}

function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
