import type { DvRules } from '../dv-ext/index.ts';
import { type Checkpointed, type Event, Priority } from '../kernel/index.ts';
import type { ArmedTimer } from './armed-timer.ts';
import type { CsrFile } from './csr-file.ts';
import type { HartPorts } from './hart-options.ts';
import { ticksToTimers } from './timer-compare.ts';

/** What the timers are wired to. */
export interface HartTimersPorts extends Pick<HartPorts, 'tickOf' | 'queue'> {
  readonly csrs: CsrFile;
  readonly rules: DvRules | undefined;
  /** The guest timer, where writes of its compare register arm it. */
  readonly armed: ArmedTimer | undefined;
  /** `mtime` as the hart reads it. */
  readonly now: () => bigint;
  /** Called at the tick at which a timer expires. */
  readonly onExpiry: (tick: number) => void;
}

/** The next expiry as a checkpoint keeps it. */
export interface SavedTimers {
  /** What `mtime` will be, and the number of the event. */
  readonly next: { readonly time: bigint; readonly event: number } | null;
  /** What `mtime` will be when a guest timer that a write has armed expires. */
  readonly deadline: bigint | null;
}

/** Lets the expiry of a timer inside a hart interrupt its run, or end its wait, at its own tick. */
export class HartTimers implements Checkpointed<SavedTimers> {
  readonly #ports: HartTimersPorts;
  #next: { readonly time: bigint; readonly event: Event } | undefined;

  constructor(ports: HartTimersPorts) {
    this.#ports = ports;
  }

  /** Takes new values of the timers' registers; `isCompareWritten` says whether `vtimecmp` is one of them. */
  arm(isCompareWritten: boolean): void {
    if (this.#next !== undefined) this.#ports.queue.cancel(this.#next.event);
    this.#next = undefined;
    const now = this.#ports.now();
    this.#ports.armed?.update(now, isCompareWritten);
    this.#await(now);
  }

  save(): SavedTimers {
    const deadline = this.#ports.armed?.deadline ?? null;
    if (this.#next === undefined) return { next: null, deadline };
    const { time, event } = this.#next;
    return { next: { time, event: event.sequence }, deadline };
  }

  restore({ next, deadline }: SavedTimers): void {
    const { armed } = this.#ports;
    if (armed !== undefined) armed.deadline = deadline ?? undefined;
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
    const { csrs, rules, armed, tickOf, queue } = this.#ports;
    const ticks = ticksToTimers(csrs, time, rules);
    const then = earlier(ticks === undefined ? undefined : time + ticks, armed?.deadline);
    if (then === undefined) return;
    const tick = tickOf(then);
    if (!Number.isSafeInteger(tick)) return;
    const event = queue.at(tick, Priority.edge, () => {
      this.#expire(then, tick);
    });
    this.#next = { time: then, event };
  }

  #expire(time: bigint, tick: number): void {
    this.#next = undefined;
    this.#ports.armed?.reach(time);
    this.#await(time);
    this.#ports.onExpiry(tick);
  }
}

function earlier(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
