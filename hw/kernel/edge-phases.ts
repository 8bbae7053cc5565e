import type { Event } from './event-heap.ts';
import { Priority, type EventQueue } from './event-queue.ts';
import type { Signal } from './signal.ts';

/** A component as the edge sees it: the phases in which it takes part, in this order. */
export interface EdgeProcess {
  readonly name: string;
  /** Computes the next state from the present state and inputs; changes nothing that others see. */
  evaluate(tick: number): void;
  /** Makes the next state the present one. */
  commit(tick: number): void;
  /** Computes the outputs from state and inputs; returns the signals that changed. */
  drive(tick: number): readonly Signal[];
  /** Everything is stable: asks for the next edge, if one is needed. */
  rest(tick: number): void;
}

interface PendingEdge {
  readonly event: Event;
  readonly processes: Set<EdgeProcess>;
}

const driveLimit = 1000;

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/**
 * Lets components take their edges together. All of a tick evaluate before any commits, so what an edge changes
 * is seen by clocked logic at the next edge; outputs then follow combinationally until they are stable. The outcome
 * does not depend on the order in which components or wires were declared.
 */
export class EdgePhases {
  readonly #queue: EventQueue;
  readonly #pending = new Map<number, PendingEdge>();
  readonly #signalSettled: (signal: Signal, tick: number) => void;

  constructor(queue: EventQueue, signalSettled: (signal: Signal, tick: number) => void) {
    this.#queue = queue;
    this.#signalSettled = signalSettled;
  }

  /** Gives `process` an edge at `tick`. Asking twice for the same edge is harmless. */
  request(process: EdgeProcess, tick: number): void {
    const pending = this.#pending.get(tick);
    if (pending !== undefined) {
      pending.processes.add(process);
      return;
    }
    const event = this.#queue.at(tick, Priority.edge, () => {
      const processes = this.#pending.get(tick)?.processes ?? [];
      this.#pending.delete(tick);
      this.take([...processes], tick);
    });
    this.#pending.set(tick, { event, processes: new Set([process]) });
  }

  /** Takes a request back; an edge that nobody wants any more does not happen. */
  withdraw(process: EdgeProcess, tick: number): void {
    const pending = this.#pending.get(tick);
    if (pending?.processes.delete(process) === true && pending.processes.size === 0) {
      this.#queue.cancel(pending.event);
      this.#pending.delete(tick);
    }
  }

  /** Lets these processes take the edge at `tick` now. */
  take(due: readonly EdgeProcess[], tick: number): void {
    const processes = due.toSorted(byName);
    for (const process of processes) {
      process.evaluate(tick);
    }
    for (const process of processes) {
      process.commit(tick);
    }
    const { driven, changed } = this.#driveUntilStable(processes, tick);
    for (const process of [...driven].sort(byName)) {
      process.rest(tick);
    }
    for (const signal of [...changed].sort(byName)) {
      if (signal.settle(tick)) {
        this.#signalSettled(signal, tick);
      }
    }
  }

  #driveUntilStable(
    processes: readonly EdgeProcess[],
    tick: number,
  ): { driven: Set<EdgeProcess>; changed: Set<Signal> } {
    const driven = new Set<EdgeProcess>();
    const changed = new Set<Signal>();
    let wave = new Set(processes);
    for (let round = 0; wave.size > 0; round++) {
      if (round === driveLimit) {
        const names = [...wave].map(({ name }) => name).sort();
        throw new Error(`combinational loop through ${names.join(', ')} at tick ${String(tick)}`);
      }
      const next = new Set<EdgeProcess>();
      for (const process of wave) {
        driven.add(process);
        for (const signal of process.drive(tick)) {
          changed.add(signal);
          for (const reader of signal.readers) {
            next.add(reader);
          }
        }
      }
      wave = next;
    }
    return { driven, changed };
  }
}
