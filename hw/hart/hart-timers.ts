import type { DvRules } from '../dv-ext/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { HartPorts } from './hart-options.ts';
import { ticksToTimers } from './timer-compare.ts';

/** What the timers are wired to. */
export interface HartTimersPorts extends Pick<HartPorts, 'tickOf' | 'schedule'> {
  readonly csrs: CsrFile;
  readonly rules: DvRules | undefined;
  /** `mtime` as the hart reads it. */
  readonly now: () => bigint;
  /** Called at the tick at which a timer expires. */
  readonly onExpiry: (tick: number) => void;
}

/** Lets the expiry of a timer inside a hart interrupt its run, or end its wait, at its own tick. */
export class HartTimers {
  readonly #ports: HartTimersPorts;
  #cancel: (() => void) | undefined;

  constructor(ports: HartTimersPorts) {
    this.#ports = ports;
  }

  /** Takes new values of the timers' registers. */
  arm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#await(this.#ports.now());
  }

  /** Waits for the first expiry after `time`. */
  #await(time: bigint): void {
    const { csrs, rules, tickOf, schedule, onExpiry } = this.#ports;
    const ticks = ticksToTimers(csrs, time, rules);
    if (ticks === undefined) return;
    const expiry = tickOf(time + ticks);
    if (!Number.isSafeInteger(expiry)) return;
    this.#cancel = schedule(expiry, () => {
      this.#await(time + ticks);
      onExpiry(expiry);
    });
  }
}
