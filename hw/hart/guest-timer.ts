import type { DvRules } from '../dv-ext/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { HartPorts } from './hart-options.ts';
import { ticksToGuestTimer } from './interrupt-lines.ts';

/** What the guest timer is wired to. */
export interface GuestTimerPorts extends Pick<HartPorts, 'tickOf' | 'schedule'> {
  readonly csrs: CsrFile;
  readonly rules: DvRules | undefined;
  /** `mtime` as the hart reads it. */
  readonly now: () => bigint;
  /** Called at the tick at which the timer expires. */
  readonly onExpiry: (tick: number) => void;
}

/** Lets the expiry of the guest timer interrupt a hart's run, or end its wait, at its own tick. */
export class GuestTimer {
  readonly #ports: GuestTimerPorts;
  #cancel: (() => void) | undefined;

  constructor(ports: GuestTimerPorts) {
    this.#ports = ports;
  }

  /** Takes new values of the timer's registers. */
  arm(): void {
    const { csrs, rules, now, tickOf, schedule, onExpiry } = this.#ports;
    this.#cancel?.();
    this.#cancel = undefined;
    const time = now();
    const ticks = ticksToGuestTimer(csrs, time, rules);
    if (ticks === undefined) return;
    const expiry = tickOf(time + ticks);
    if (!Number.isSafeInteger(expiry)) return;
    this.#cancel = schedule(expiry, () => {
      this.#cancel = undefined;
      onExpiry(expiry);
    });
  }
}
