import type { StateArea } from './state-area.ts';

/** What a component counts, and what each count means. */
export type CountedEvents<Name extends string = string> = Readonly<Record<Name, string>>;

/** How often one thing has happened. */
export class EventCount {
  readonly #number: Float64Array;

  /** `number` is the one in which it counts. */
  constructor(number: Float64Array) {
    this.#number = number;
  }

  /** Where it is counted in the machine's memory (f64). */
  get place(): number {
    return this.#number.byteOffset;
  }

  /** One more, or several. */
  add(count = 1): void {
    this.#number[0] = (this.#number[0] ?? 0) + count;
  }
}

/** Counts of what happens in a component, in the machine's memory with the rest of its state. */
export class EventCounts<Name extends string = string> {
  readonly events: CountedEvents<Name>;
  /** Each count by its name, for whoever counts. */
  readonly each: Readonly<Record<Name, EventCount>>;
  readonly #names: readonly string[];
  readonly #numbers: Float64Array;

  constructor(events: CountedEvents<Name>, area: StateArea) {
    const names = Object.keys(events);
    const numbers = area.numbers(names.length);
    const counts = names.map((name, place) => {
      return [name, new EventCount(numbers.subarray(place, place + 1))] as const;
    });
    this.events = events;
    this.each = Object.fromEntries(counts) as Record<Name, EventCount>;
    this.#names = names;
    this.#numbers = numbers;
  }

  /** Where each is counted in the machine's memory (f64). */
  get layout(): Readonly<Record<Name, number>> {
    const places = Object.entries<EventCount>(this.each).map(([name, { place }]) => [name, place]);
    return Object.fromEntries(places) as Record<Name, number>;
  }

  /** How often it has happened. */
  of(name: string): number {
    return this.#numbers[this.#names.indexOf(name)] ?? 0;
  }

  /** Back to zero. */
  reset(): void {
    this.#numbers.fill(0);
  }
}

/** Counts by the name of their component. */
export type ComponentCounts = Readonly<Record<string, EventCounts>>;
