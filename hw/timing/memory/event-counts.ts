import type { StateArea } from './state-area.ts';

/** What a component counts, and what each count means. */
export type CountedEvents<Name extends string = string> = Readonly<Record<Name, string>>;

/** Counts of what happens in a component, in the machine's memory with the rest of its state. */
export class EventCounts<Name extends string = string> {
  readonly events: CountedEvents<Name>;
  readonly #places: ReadonlyMap<string, number>;
  readonly #numbers: Float64Array;

  constructor(events: CountedEvents<Name>, area: StateArea) {
    const names = Object.keys(events);
    this.events = events;
    this.#places = new Map(names.map((name, place) => [name, place]));
    this.#numbers = area.numbers(names.length);
  }

  /** One more, or several. */
  add(name: Name, count = 1): void {
    const place = this.#places.get(name) ?? 0;
    this.#numbers[place] = (this.#numbers[place] ?? 0) + count;
  }

  /** How often it has happened. */
  of(name: string): number {
    return this.#numbers[this.#places.get(name) ?? -1] ?? 0;
  }

  /** Back to zero. */
  reset(): void {
    this.#numbers.fill(0);
  }
}

/** Counts by the name of their component. */
export type ComponentCounts = Readonly<Record<string, EventCounts>>;
