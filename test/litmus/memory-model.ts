import {
  type Dependency,
  type Operation,
  outcomeText,
  type Place,
  type Shape,
} from './operation.ts';

/** A load, store or atomic of a shape. */
interface Event {
  readonly hart: number;
  /** Place in its hart's program. */
  readonly index: number;
  readonly operation: Exclude<Operation, { kind: 'fence' }>;
}

/** The two models that outcomes are judged by. */
export type MemoryModel = 'sc' | 'rvwmo';

const reads = ({ operation }: Event): boolean => operation.kind !== 'store';
const writes = ({ operation }: Event): boolean => operation.kind !== 'load';
const place = ({ operation }: Event): Place => operation.place;

function dependencyOf({ operation }: Event): Dependency | undefined {
  return operation.kind === 'atomic' ? undefined : operation.dependency;
}

function hasOrdering({ operation }: Event, bit: 'aq' | 'rl'): boolean {
  return operation.kind === 'atomic' && operation.ordering.includes(bit);
}

/** Whether `b` depends on what `a` returned in one of these ways. */
function depends(a: Event, b: Event, ways: readonly Dependency['through'][]): boolean {
  const dependency = dependencyOf(b);
  return (
    dependency !== undefined &&
    a.operation.kind !== 'store' &&
    a.operation.result === dependency.on &&
    ways.includes(dependency.through)
  );
}

/** An execution: all events in global memory order. */
type GlobalOrder = readonly Event[];

/** The outcomes of a shape under a model, found by trying every global memory order. */
export class OutcomeFinder {
  readonly #shape: Shape;
  readonly #events: readonly Event[];
  readonly #model: MemoryModel;
  readonly #outcomes = new Set<string>();

  constructor(shape: Shape, model: MemoryModel) {
    this.#shape = shape;
    this.#model = model;
    this.#events = shape.harts.flatMap((operations, hart) =>
      operations.flatMap((operation, index) =>
        operation.kind === 'fence' ? [] : [{ hart, index, operation }],
      ),
    );
  }

  /** Every outcome, as text. */
  outcomes(): ReadonlySet<string> {
    this.#extend([]);
    return this.#outcomes;
  }

  #extend(order: GlobalOrder): void {
    if (order.length === this.#events.length) {
      this.#judge(order);
      return;
    }
    for (const event of this.#events) {
      if (order.includes(event)) continue;
      const isReady = this.#events.every(
        (other) => order.includes(other) || !this.#isBefore(other, event),
      );
      if (isReady) this.#extend([...order, event]);
    }
  }

  /** Preserved program order as far as it does not depend on values (unpriv 18.1.3). */
  #isBefore(a: Event, b: Event): boolean {
    if (a.hart !== b.hart || a.index >= b.index) return false;
    if (this.#model === 'sc') return true;
    return (
      // 1: a store follows an access to its place.
      (place(a) === place(b) && writes(b)) ||
      this.#isFenced(a, b) ||
      // 5 to 7: acquire, release, and both on both sides.
      hasOrdering(a, 'aq') ||
      hasOrdering(b, 'rl') ||
      (hasOrdering(a, 'rl') && hasOrdering(b, 'aq')) ||
      // 9 to 11: dependencies.
      depends(a, b, ['address', 'data']) ||
      (writes(b) && depends(a, b, ['control'])) ||
      // 13: a store after an access whose address depends on a load.
      (writes(b) && this.#between(a, b).some((middle) => depends(a, middle, ['address'])))
    );
  }

  #between(a: Event, b: Event): readonly Event[] {
    return this.#events.filter(
      ({ hart, index }) => hart === a.hart && index > a.index && index < b.index,
    );
  }

  /** 4: a fence between them has them in its sets. */
  #isFenced(a: Event, b: Event): boolean {
    const has = (event: Event, set: string): boolean =>
      (reads(event) && set.includes('r')) || (writes(event) && set.includes('w'));
    const operations = this.#shape.harts[a.hart] ?? [];
    return operations
      .slice(a.index + 1, b.index)
      .some((fence) => fence.kind === 'fence' && has(a, fence.before) && has(b, fence.after));
  }

  #judge(order: GlobalOrder): void {
    const sources = new Map(
      order.filter(reads).map((event) => [event, this.#sourceOf(event, order)] as const),
    );
    if (this.#model === 'rvwmo' && !this.#keepsValueOrder(order, sources)) return;
    this.#outcomes.add(outcomeText(valuesOf(order, sources)));
  }

  /** The load value axiom: the latest store, in global order, of those before in global or in program order. */
  #sourceOf(read: Event, order: GlobalOrder): Event | undefined {
    const at = order.indexOf(read);
    return order.findLast(
      (event, index) =>
        event !== read &&
        writes(event) &&
        place(event) === place(read) &&
        (index < at || (event.hart === read.hart && event.index < read.index)),
    );
  }

  /** The rules of preserved program order that depend on which store a load returned (unpriv 18.1.3). */
  #keepsValueOrder(order: GlobalOrder, sources: ReadonlyMap<Event, Event | undefined>): boolean {
    const isInOrder = (a: Event, b: Event): boolean => order.indexOf(a) < order.indexOf(b);
    return order.every((b) =>
      order.every((a) => {
        if (a.hart !== b.hart || a.index >= b.index || !reads(b) || isInOrder(a, b)) return true;
        const middle = this.#between(a, b);
        const isSamePlace = place(a) === place(b);
        const source = sources.get(b);
        // 2: loads of a place without a store between return the same store, or in order.
        const isRule2 =
          isSamePlace &&
          reads(a) &&
          !middle.some((event) => writes(event) && place(event) === place(a)) &&
          sources.get(a) !== source;
        // 3: a load returns what an atomic stored.
        const isRule3 = a.operation.kind === 'atomic' && source === a;
        // 12: a load returns a store of its hart that depends on a load.
        const isRule12 =
          source !== undefined &&
          middle.includes(source) &&
          depends(a, source, ['address', 'data']);
        return !isRule2 && !isRule3 && !isRule12;
      }),
    );
  }
}

function valuesOf(
  order: GlobalOrder,
  sources: ReadonlyMap<Event, Event | undefined>,
): ReadonlyMap<string, number> {
  const loaded = (event: Event): number => {
    const source = sources.get(event);
    return source === undefined ? 0 : stored(source);
  };
  const stored = (event: Event): number => {
    const { operation } = event;
    if (operation.kind === 'load') throw new Error('a load stores nothing');
    const isSum = operation.kind === 'atomic' && operation.function === 'add';
    return isSum ? loaded(event) + operation.value : operation.value;
  };
  const values = new Map<string, number>();
  for (const event of order) {
    const { operation } = event;
    if (operation.kind !== 'store') values.set(operation.result, loaded(event));
    // Stores of a place are in global order, so that the last one stays.
    if (operation.kind !== 'load') values.set(operation.place, stored(event));
    else if (!values.has(operation.place)) values.set(operation.place, 0);
  }
  return values;
}
