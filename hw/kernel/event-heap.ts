/** Where an event stands among all: smaller times first, then smaller priorities, then the order in which they were made. */
export interface EventPlace {
  readonly time: number;
  readonly priority: number;
  readonly sequence: number;
}

/** What happens at one tick. */
export interface Event extends EventPlace {
  /** Undefined once the event was cancelled or has happened. */
  action: (() => void) | undefined;
}

function isBefore(a: EventPlace, b: EventPlace): boolean {
  if (a.time !== b.time) {
    return a.time < b.time;
  }
  return a.priority !== b.priority ? a.priority < b.priority : a.sequence < b.sequence;
}

/**
 * A binary heap of events ordered by (time, priority, sequence). Cancelled events stay until they come to the top,
 * or until they are the majority and are swept out.
 */
export class EventHeap {
  readonly #events: Event[] = [];
  #sequence = 0;
  #cancelledCount = 0;

  /** Events that will still happen. */
  get size(): number {
    return this.#events.length - this.#cancelledCount;
  }

  /** Time of the first event, `Infinity` if there is none. */
  get nextTime(): number {
    return this.#top()?.time ?? Infinity;
  }

  /** The number that the next event gets. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The events that will still happen, in their order. */
  get pending(): readonly Event[] {
    return this.#kept();
  }

  /** Adds an event; the caller vouches for the time. */
  insert(time: number, priority: number, action: () => void): Event {
    const event: Event = { time, priority, sequence: this.#sequence++, action };
    this.#add(event);
    return event;
  }

  /** Adds an event that has a number already, below that of the next one. */
  putBack(place: EventPlace, action: () => void): Event {
    const { time, priority, sequence } = place;
    const event: Event = { time, priority, sequence, action };
    this.#add(event);
    return event;
  }

  /** Forgets all events; the next one gets this number. */
  restart(sequence: number): void {
    for (const event of this.#events) event.action = undefined;
    this.#events.length = 0;
    this.#cancelledCount = 0;
    this.#sequence = sequence;
  }

  /** Takes an event back; nothing happens if it has happened or was cancelled before. */
  cancel(event: Event): void {
    if (event.action === undefined) {
      return;
    }
    event.action = undefined;
    this.#cancelledCount++;
    if (this.#cancelledCount > 64 && this.#cancelledCount * 2 > this.#events.length) {
      this.#sweep();
    }
  }

  /** Removes the first event and returns its action, `undefined` if there is none. */
  take(): (() => void) | undefined {
    const event = this.#top();
    if (event === undefined) {
      return undefined;
    }
    this.#removeTop();
    const { action } = event;
    event.action = undefined;
    return action;
  }

  #top(): Event | undefined {
    let top = this.#events[0];
    while (top !== undefined && top.action === undefined) {
      this.#removeTop();
      this.#cancelledCount--;
      top = this.#events[0];
    }
    return top;
  }

  #removeTop(): void {
    const last = this.#events.pop();
    if (last !== undefined && this.#events.length > 0) {
      this.#events[0] = last;
      this.#sink(0);
    }
  }

  #add(event: Event): void {
    this.#events.push(event);
    this.#rise(this.#events.length - 1);
  }

  #kept(): Event[] {
    const kept = this.#events.filter((event) => event.action !== undefined);
    return kept.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #sweep(): void {
    // An array sorted by the heap's order is a heap.
    const kept = this.#kept();
    this.#events.length = 0;
    for (const event of kept) {
      this.#events.push(event);
    }
    this.#cancelledCount = 0;
  }

  #rise(from: number): void {
    const events = this.#events;
    const event = events[from];
    let index = from;
    while (event !== undefined && index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = events[parentIndex];
      if (parent === undefined || !isBefore(event, parent)) {
        break;
      }
      events[index] = parent;
      index = parentIndex;
      events[index] = event;
    }
  }

  #sink(from: number): void {
    const events = this.#events;
    const event = events[from];
    let index = from;
    while (event !== undefined) {
      let childIndex = index * 2 + 1;
      let child = events[childIndex];
      if (child === undefined) {
        break;
      }
      const right = events[childIndex + 1];
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        childIndex++;
      }
      if (!isBefore(child, event)) {
        break;
      }
      events[index] = child;
      index = childIndex;
      events[index] = event;
    }
  }
}
