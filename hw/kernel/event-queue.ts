import type { Checkpointed } from './checkpointed.ts';
import { EventHeap, type Event, type EventPlace } from './event-heap.ts';
import type { Runner } from './runner.ts';
import { checkedTick } from './time.ts';

/** Order of what happens at the same tick: clock edges first, then timed actions of the control plane. */
export const Priority = { edge: 0, action: 1 } as const;

/** A queue as a checkpoint keeps it: the events without what they do, which their owners know. */
export interface SavedQueue {
  readonly time: number;
  readonly eventCount: number;
  /** The number of the next event. */
  readonly sequence: number;
  /** In their order. */
  readonly pending: readonly EventPlace[];
}

/**
 * Simulated time and what will happen in it. While a runner is active the present is the runner's local time,
 * otherwise it is the time of the event that is happening.
 */
export class EventQueue implements Checkpointed<SavedQueue> {
  readonly #heap = new EventHeap();
  #time = 0;
  #active: Runner | undefined;
  #bound = Infinity;
  #eventCount = 0;
  /** Events of a checkpoint whose owners have not put them back yet, by number. */
  readonly #unclaimed = new Map<number, EventPlace>();

  /** The present, in ticks. */
  get now(): number {
    return this.#active === undefined ? this.#time : this.#active.localTime;
  }

  /** Time of the next event, `Infinity` if there is none. */
  get nextTime(): number {
    return this.#heap.nextTime;
  }

  /** Events that have happened. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** Lets `action` happen at `time`. An active runner is stopped there. */
  at(time: number, priority: number, action: () => void): Event {
    checkedTick(time, 'event');
    if (time < this.now) {
      throw new RangeError(`event: tick ${String(time)} is before the present ${String(this.now)}`);
    }
    const event = this.#heap.insert(time, priority, action);
    this.interrupt(time);
    return event;
  }

  save(): SavedQueue {
    const pending = this.#heap.pending.map(({ time, priority, sequence }) => {
      if (priority === Priority.edge) return { time, priority, sequence };
      throw new Error(`an action of the control plane at tick ${String(time)} cannot be saved`);
    });
    return {
      time: this.#time,
      eventCount: this.#eventCount,
      sequence: this.#heap.sequence,
      pending,
    };
  }

  /** Takes over time and places of events; `putBack` must follow for each of them. */
  restore({ time, eventCount, sequence, pending }: SavedQueue): void {
    this.#time = time;
    this.#eventCount = eventCount;
    this.#heap.restart(sequence);
    this.#unclaimed.clear();
    for (const place of pending) this.#unclaimed.set(place.sequence, place);
  }

  /** Gives the event of a checkpoint that has this number its action back. */
  putBack(sequence: number, action: () => void): Event {
    const place = this.#unclaimed.get(sequence);
    if (place === undefined) throw new Error(`event ${String(sequence)} is not in the checkpoint`);
    this.#unclaimed.delete(sequence);
    return this.#heap.putBack(place, action);
  }

  /** Events of a checkpoint that nobody has put back: there is a component that forgets its own. */
  get unclaimed(): readonly EventPlace[] {
    return [...this.#unclaimed.values()];
  }

  /** Takes an event back, if it has not happened yet. */
  cancel(event: Event): void {
    this.#heap.cancel(event);
  }

  /** Stops the active runner, if there is one, at `time`. */
  interrupt(time: number): void {
    if (time < this.#bound) {
      this.#bound = time;
      this.#active?.shorten(time);
    }
  }

  /** Runs `runner` to `bound`, or to the first event that it causes itself. */
  runAhead(runner: Runner, bound: number): void {
    this.#active = runner;
    this.#bound = bound;
    try {
      runner.runUntil(bound);
    } finally {
      this.#active = undefined;
      this.#bound = Infinity;
    }
  }

  /** Moves the present to the next event and lets everything of that tick happen. */
  step(): void {
    const time = this.#heap.nextTime;
    this.advance(time);
    while (this.#heap.nextTime === time) {
      this.#eventCount++;
      this.#heap.take()?.();
    }
  }

  /** Moves the present to `time`, over no event. */
  advance(time: number): void {
    checkedTick(time, 'time');
    this.#time = Math.max(this.#time, time);
  }
}
