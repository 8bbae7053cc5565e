import { ticksToExpiry, timerLines } from '../dv-ext/index.ts';
import type { DvRules, VirtualTimerState } from '../dv-ext/index.ts';
import {
  bitsOf,
  henvcfg,
  Interrupt,
  menvcfg,
  stimecmp,
  vstimecmp,
  vtimecmp,
  vtimectl,
} from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';

/** A timer of Sstc that is enabled: the interrupt it raises while `now` is at or past `compare`. */
interface SupervisorTimer {
  readonly interrupt: number;
  readonly compare: bigint;
  /** The clock that it is compared with. */
  readonly now: bigint;
}

/** Whether any of the timers inside a hart that raise interrupts as levels can do so now or later. */
export function isAnyTimerRunning(csrs: CsrFile, rules: DvRules | undefined): boolean {
  return isGuestTimerRunning(csrs, rules) || hasSupervisorTimers(csrs);
}

/** Bits of `mip` that the timers inside a hart raise while `mtime` is `now` (priv 15, duvisor 5). */
export function timerInterrupts(csrs: CsrFile, now: bigint, rules: DvRules | undefined): bigint {
  let raised = isGuestTimerRunning(csrs, rules) ? timerLines(rules, guestTimer(csrs, now)) : 0n;
  for (const timer of supervisorTimers(csrs, now)) {
    if (timer.now >= timer.compare) raised |= bitsOf(timer.interrupt);
  }
  return raised;
}

/** How long until the next of the timers inside a hart expires, in ticks of `mtime`; `undefined` when none will. */
export function ticksToTimers(
  csrs: CsrFile,
  now: bigint,
  rules: DvRules | undefined,
): bigint | undefined {
  let least = isGuestTimerRunning(csrs, rules) ? ticksToExpiry(guestTimer(csrs, now)) : undefined;
  for (const timer of supervisorTimers(csrs, now)) {
    const ticks = timer.compare - timer.now;
    if (ticks > 0n && (least === undefined || ticks < least)) least = ticks;
  }
  return least;
}

const NO_TIMERS: readonly SupervisorTimer[] = [];

function supervisorTimers(csrs: CsrFile, now: bigint): readonly SupervisorTimer[] {
  if (!hasSupervisorTimers(csrs)) return NO_TIMERS;
  const own = { interrupt: Interrupt.stip, compare: csrs.stored(stimecmp), now };
  if (csrs.field(henvcfg, 'stce') === 0n) return [own];
  const compare = csrs.stored(vstimecmp);
  return [own, { interrupt: Interrupt.vstip, compare, now: csrs.guestTime(now) }];
}

function hasSupervisorTimers(csrs: CsrFile): boolean {
  return csrs.features.named.has('sstc') && csrs.field(menvcfg, 'stce') !== 0n;
}

function isGuestTimerRunning(csrs: CsrFile, rules: DvRules | undefined): rules is DvRules {
  const isLevel = rules?.['vtimer.registers'] === 'csr' && rules['vtimer.arming'] === 'level';
  return isLevel && csrs.low(vtimectl) !== 0;
}

/** What the guest timer is compared with, and how it is set, while `mtime` is `now`. */
export function guestTimer(csrs: CsrFile, now: bigint): VirtualTimerState {
  return {
    compare: csrs.stored(vtimecmp),
    control: csrs.stored(vtimectl),
    now: csrs.guestTime(now),
  };
}
