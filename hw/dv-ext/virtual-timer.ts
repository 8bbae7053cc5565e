import { bitsOf, Interrupt } from '../isa/index.ts';
import type { DvRules } from './knobs.ts';

/** What decides whether the guest's timer has expired. */
export interface VirtualTimerState {
  /** `vtimecmp`. */
  readonly compare: bigint;
  /** `vtimectl`. */
  readonly control: bigint;
  /** The clock that the timer is compared with. */
  readonly now: bigint;
}

const ENABLE = 1n;

/** Whether `vtimectl` lets the guest timer run. */
export function isTimerEnabled(control: bigint): boolean {
  return (control & ENABLE) !== 0n;
}

/** Bits of `mip` that the guest timer raises all the time that it has expired. */
export function timerLines(rules: DvRules, { compare, control, now }: VirtualTimerState): bigint {
  return isTimerEnabled(control) && now >= compare ? timerInterrupt(rules, control) : 0n;
}

/** The bit of `mip` that an expiry is about: VSTIP where the guest sees it itself, else the interrupt that exits. */
export function timerInterrupt(rules: DvRules, control: bigint): bigint {
  if (rules['vtimer.expiry'] === 'direct') return bitsOf(Interrupt.vstip);
  if (rules['vtimer.control'] === 'enable') return bitsOf(Interrupt.utip);
  return bitsOf(Number((control >> 1n) & 0x3fn));
}

/** How long until the guest timer expires, in ticks of `mtime`; `undefined` when it is stopped or has expired. */
export function ticksToExpiry({ compare, control, now }: VirtualTimerState): bigint | undefined {
  return isTimerEnabled(control) && now < compare ? compare - now : undefined;
}
