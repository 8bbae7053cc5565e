import type { EdgeProcess } from './edge-phases.ts';
import type { Checkpointed } from './checkpointed.ts';
import type { SignalType } from './signal-type.ts';

/** Called with a settled new value and the tick of the edge that made it. */
export type Sink<T> = (value: T, tick: number) => void;

/** A wire as a checkpoint keeps it. */
export interface SavedSignal {
  readonly value: unknown;
  /** The value after the last edge. */
  readonly settled: unknown;
}

/** A wire with one driver: readers are components, sinks are whatever else wants the settled value (a hart's line). */
export class Signal<T = unknown> implements Checkpointed<SavedSignal> {
  /** `component.port`, or `component.port.index`. */
  readonly name: string;
  readonly type: SignalType<T>;
  readonly readers: EdgeProcess[] = [];
  readonly #sinks: Sink<T>[] = [];
  #value: T;
  #settled: T;

  constructor(name: string, type: SignalType<T>) {
    this.name = name;
    this.type = type;
    this.#value = type.initial;
    this.#settled = type.initial;
  }

  /** The value at this moment. */
  get value(): T {
    return this.#value;
  }

  /** Calls `sink` after every edge that left another value here. */
  connect(sink: Sink<T>): void {
    this.#sinks.push(sink);
  }

  /** Sets the value; true if it differs from the present one. Only the driving component's outputs come here. */
  drive(value: T): boolean {
    if (Object.is(value, this.#value)) {
      return false;
    }
    this.#value = value;
    return true;
  }

  /** Ends an edge: tells the sinks if the value differs from the one after the edge before; true if so. */
  settle(tick: number): boolean {
    if (Object.is(this.#value, this.#settled)) {
      return false;
    }
    this.#settled = this.#value;
    for (const sink of this.#sinks) {
      sink(this.#value, tick);
    }
    return true;
  }

  save(): SavedSignal {
    return { value: this.#value, settled: this.#settled };
  }

  /** Tells nobody: sinks restore what they have made of the value. */
  restore({ value, settled }: SavedSignal): void {
    this.#value = value as T;
    this.#settled = settled as T;
  }
}
