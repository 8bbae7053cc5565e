/** A word of memory that the harts share; each is in a cache line of its own and begins as 0. */
export type Place = 'x' | 'y' | 'z';

/** A register of one hart, for what a load returned. */
export type Result = 'r0' | 'r1' | 'r2' | 'r3';

/** A set of a fence: reads, writes or both. */
export type FenceSet = 'r' | 'w' | 'rw';

/** A syntactic dependency on what a load returned. */
export interface Dependency {
  readonly on: Result;
  readonly through: 'address' | 'data' | 'control';
}

/** Ordering bits of an atomic. */
export type Ordering = '' | 'aq' | 'rl' | 'aqrl';

/** One instruction of a litmus test. */
export type Operation =
  | {
      readonly kind: 'load';
      readonly place: Place;
      readonly result: Result;
      readonly dependency?: Dependency;
    }
  | {
      readonly kind: 'store';
      readonly place: Place;
      readonly value: number;
      readonly dependency?: Dependency;
    }
  | {
      readonly kind: 'atomic';
      readonly function: 'swap' | 'add';
      readonly place: Place;
      readonly value: number;
      readonly result: Result;
      readonly ordering: Ordering;
    }
  | { readonly kind: 'fence'; readonly before: FenceSet; readonly after: FenceSet };

/** Reads a place. */
export function load(place: Place, result: Result, dependency?: Dependency): Operation {
  return dependency === undefined
    ? { kind: 'load', place, result }
    : { kind: 'load', place, result, dependency };
}

/** Writes a place. */
export function store(place: Place, value: number, dependency?: Dependency): Operation {
  return dependency === undefined
    ? { kind: 'store', place, value }
    : { kind: 'store', place, value, dependency };
}

/** Writes a place and returns what it held. */
export function swap(place: Place, value: number, result: Result, ordering: Ordering): Operation {
  return { kind: 'atomic', function: 'swap', place, value, result, ordering };
}

/** Adds to a place and returns what it held. */
export function add(place: Place, value: number, result: Result, ordering: Ordering): Operation {
  return { kind: 'atomic', function: 'add', place, value, result, ordering };
}

/** Orders what comes before against what comes after. */
export function fence(before: FenceSet = 'rw', after: FenceSet = 'rw'): Operation {
  return { kind: 'fence', before, after };
}

/** What the harts of a litmus test do, and the outcome that tells memory models apart. */
export interface Shape {
  readonly name: string;
  readonly harts: readonly (readonly Operation[])[];
  /** `x=1 r0=0`: values of some results, and of places in the end. */
  readonly outcome: string;
  /** Whether RVWMO allows that outcome. */
  readonly isAllowed: boolean;
}

/** Values in the end, by result and place, as one text; every outcome of a shape names the same ones. */
export function outcomeText(values: ReadonlyMap<string, number>): string {
  return [...values.keys()]
    .sort()
    .map((name) => `${name}=${String(values.get(name))}`)
    .join(' ');
}

/** Whether an outcome has all the values that another names. */
export function agrees(outcome: string, partial: string): boolean {
  const values = outcome.split(' ');
  return partial.split(' ').every((value) => values.includes(value));
}
