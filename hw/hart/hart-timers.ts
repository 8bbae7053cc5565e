import type { DvRules } from '../dv-ext/index.ts';
import { type Checkpointed, type Event, Priority } from '../kernel/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { HartPorts } from './hart-options.ts';
import { ticksToTimers } from './timer-compare.ts';

/** What the timers are wired to. */
export interface HartTimersPorts extends Pick<HartPorts, 'tickOf' | 'queue'> {
  readonly csrs: CsrFile;
  readonly rules: DvRules | undefined;
  /** `mtime` as the hart reads it. */
  readonly now: () => bigint;
  /** Called at the tick at which a timer expires. */
  readonly onExpiry: (tick: number) => void;
}

/** The next expiry as a checkpoint keeps it. */
export interface SavedTimers {
  /** What `mtime` will be, and the number of the event. */
  readonly next: { readonly time: bigint; readonly event: number } | null;
}

/** Lets the expiry of a timer inside a hart interrupt its run, or end its wait, at its own tick. */
export class HartTimers implements Checkpointed<SavedTimers> {
  readonly #ports: HartTimersPorts;
  #next: { readonly time: bigint; readonly event: Event } | undefined;

  constructor(ports: HartTimersPorts) {
    this.#ports = ports;
  }

  /** Takes new values of the timers' registers. */
  arm(): void {
    if (this.#next !== undefined) this.#ports.queue.cancel(this.#next.event);
    this.#next = undefined;
    this.#await(this.#ports.now());
  }

  save(): SavedTimers {
    if (this.#next === undefined) return { next: null };
    const { time, event } = this.#next;
    return { next: { time, event: event.sequence } };
  }

  restore({ next }: SavedTimers): void {
    this.#next = undefined;
    if (next === null) return;
    const { time } = next;
    const event = this.#ports.queue.putBack(next.event, () => {
      this.#expire(time, event.time);
    });
    this.#next = { time, event };
  }

  /** Waits for the first expiry after `time`. */
  #await(time: bigint): void {
    const { csrs, rules, tickOf, queue } = this.#ports;
    const ticks = ticksToTimers(csrs, time, rules);
    if (ticks === undefined) return;
    const then = time + ticks;
    const tick = tickOf(then);
    if (!Number.isSafeInteger(tick)) return;
    const event = queue.at(tick, Priority.edge, () => {
      this.#expire(then, tick);
    });
    this.#next = { time: then, event };
  }

  #expire(time: bigint, tick: number): void {
    this.#next = undefined;
    this.#await(time);
    this.#ports.onExpiry(tick);
  }
}
