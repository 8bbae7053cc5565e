import type { Checkpointed } from './checkpointed.ts';

/** Unit and meaning of a figure, for reports. */
export interface FigureDescription {
  readonly unit: string;
  readonly description: string;
}

/** A count that only grows, until it is reset. */
export class Counter {
  value = 0;

  /** Counts `amount` more. */
  add(amount = 1): void {
    this.value += amount;
  }
}

/** Plain JSON: figures by name, nested by group. */
export interface Snapshot {
  readonly [name: string]: number | string | Snapshot;
}

/** The counters of a group as a checkpoint keeps them, by dotted path; figures are read where they live. */
export type SavedCounters = Readonly<Record<string, number>>;

interface Figure extends FigureDescription {
  readonly read: () => number | bigint | object;
  readonly reset: () => void;
}

/** A group of figures with a name, in a tree of groups. Names are dotted paths: `hart.0.traps`. */
export class Statistics implements Checkpointed<SavedCounters> {
  readonly #counters = new Map<string, Counter>();
  readonly #figures = new Map<string, Figure>();
  readonly #groups = new Map<string, Statistics>();

  /** The group of that name below this one; made when first asked for. */
  group(name: string): Statistics {
    this.#refuse(this.#figures.has(name), name);
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = new Statistics();
      this.#groups.set(name, group);
    }
    return group;
  }

  /** Adds a counter. */
  counter(name: string, about: FigureDescription): Counter {
    const counter = new Counter();
    const reset = (): void => {
      counter.value = 0;
    };
    this.#add(name, { ...about, read: () => counter.value, reset });
    this.#counters.set(name, counter);
    return counter;
  }

  /**
   * Adds a figure that is read where it lives when a snapshot is taken: a number, or plain JSON such as a cycle
   * tree's. What lives elsewhere is reset there.
   */
  figure(name: string, about: FigureDescription, read: () => number | bigint | object): void {
    this.#add(name, { ...about, read, reset: () => undefined });
  }

  /** All figures as plain JSON; names in alphabetical order, numbers in numerical order. */
  snapshot(): Snapshot {
    const entries: [string, number | string | Snapshot][] = [];
    for (const [name, figure] of this.#figures) {
      entries.push([name, plain(figure.read())]);
    }
    for (const [name, group] of this.#groups) {
      entries.push([name, group.snapshot()]);
    }
    return Object.fromEntries(entries.sort(([a], [b]) => compareNames(a, b)));
  }

  /** Unit and meaning of every figure below, by dotted path. */
  describe(prefix = ''): readonly (FigureDescription & { readonly path: string })[] {
    const own = [...this.#figures].map(([name, { unit, description }]) => {
      return { path: prefix + name, unit, description };
    });
    const nested = [...this.#groups].flatMap(([name, group]) =>
      group.describe(`${prefix}${name}.`),
    );
    return [...own, ...nested].sort((a, b) => compareNames(a.path, b.path));
  }

  /** Sets every counter below to zero. */
  reset(): void {
    for (const figure of this.#figures.values()) {
      figure.reset();
    }
    for (const group of this.#groups.values()) {
      group.reset();
    }
  }

  save(): SavedCounters {
    return Object.fromEntries(
      this.#everyCounter('').map(([path, counter]) => [path, counter.value]),
    );
  }

  restore(saved: SavedCounters): void {
    for (const [path, counter] of this.#everyCounter('')) counter.value = saved[path] ?? 0;
  }

  #everyCounter(prefix: string): [path: string, counter: Counter][] {
    const own = [...this.#counters].map(([name, counter]): [string, Counter] => {
      return [prefix + name, counter];
    });
    const nested = [...this.#groups].flatMap(([name, group]) => {
      return group.#everyCounter(`${prefix}${name}.`);
    });
    return [...own, ...nested];
  }

  #add(name: string, figure: Figure): void {
    this.#refuse(this.#figures.has(name) || this.#groups.has(name), name);
    this.#figures.set(name, figure);
  }

  #refuse(isTaken: boolean, name: string): void {
    if (isTaken) {
      throw new Error(`statistics: ${name} is there already`);
    }
  }
}

function plain(value: number | bigint | object): number | string | Snapshot {
  if (typeof value === 'bigint') {
    const isExact = BigInt(Number(value)) === value;
    return isExact ? Number(value) : value.toString();
  }
  return typeof value === 'object' ? (value as Snapshot) : value;
}

function compareNames(a: string, b: string): number {
  const numeric = /^\d+$/;
  if (numeric.test(a) && numeric.test(b)) {
    return Number(a) - Number(b);
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
