import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import type { Event } from './event-heap.ts';
import { Priority, type EventQueue } from './event-queue.ts';

/** One scheduled unit of work; rxjs operators reschedule it from within (as `interval` does). */
class HeapAction<T> extends Subscription implements SchedulerAction<T> {
  readonly #queue: EventQueue;
  readonly #work: (this: SchedulerAction<T>, state?: T) => void;
  #event: Event | undefined;

  constructor(queue: EventQueue, work: (this: SchedulerAction<T>, state?: T) => void) {
    super(() => {
      this.#cancel();
    });
    this.#queue = queue;
    this.#work = work;
  }

  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) {
      return this;
    }
    this.#cancel();
    this.#event = this.#queue.at(this.#queue.now + delay, Priority.action, () => {
      this.#happen(state);
    });
    return this;
  }

  #happen(state: T | undefined): void {
    this.#event = undefined;
    this.#work(state);
    // Work that did not reschedule itself is over: release it from the subscription that owns it.
    if (!this.#isScheduled()) {
      this.unsubscribe();
    }
  }

  #isScheduled(): boolean {
    return this.#event !== undefined;
  }

  #cancel(): void {
    if (this.#event !== undefined) {
      this.#queue.cancel(this.#event);
      this.#event = undefined;
    }
  }
}

/**
 * Simulated time as an rxjs scheduler: `interval`, `delay`, `timeout` and the like, given this scheduler, count ticks.
 * Delays are whole ticks.
 */
export class HeapScheduler implements SchedulerLike {
  readonly #queue: EventQueue;

  constructor(queue: EventQueue) {
    this.#queue = queue;
  }

  /** The present, in ticks. */
  now(): number {
    return this.#queue.now;
  }

  schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delay = 0,
    state?: T,
  ): Subscription {
    return new HeapAction<T>(this.#queue, work).schedule(state, delay);
  }
}
