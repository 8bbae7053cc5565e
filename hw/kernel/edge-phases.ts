import type { Checkpointed } from './checkpointed.ts';
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

/** An edge to come, as a checkpoint keeps it: the number of its event, and who takes part, by name. */
interface SavedEdge {
  readonly tick: number;
  readonly event: number;
  readonly processes: readonly string[];
}

/** The edges to come. */
export interface SavedEdges {
  readonly pending: readonly SavedEdge[];
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
export class EdgePhases implements Checkpointed<SavedEdges> {
  readonly #queue: EventQueue;
  readonly #pending = new Map<number, PendingEdge>();
  readonly #signalSettled: (signal: Signal, tick: number) => void;
  readonly #processNamed: (name: string) => EdgeProcess;

  constructor(
    queue: EventQueue,
    signalSettled: (signal: Signal, tick: number) => void,
    processNamed: (name: string) => EdgeProcess,
  ) {
    this.#queue = queue;
    this.#signalSettled = signalSettled;
    this.#processNamed = processNamed;
  }

  /** Gives `process` an edge at `tick`. Asking twice for the same edge is harmless. */
  request(process: EdgeProcess, tick: number): void {
    const pending = this.#pending.get(tick);
    if (pending !== undefined) {
      pending.processes.add(process);
      return;
    }
    const event = this.#queue.at(tick, Priority.edge, () => {
      this.#happen(tick);
    });
    this.#pending.set(tick, { event, processes: new Set([process]) });
  }

  save(): SavedEdges {
    const pending = [...this.#pending].map(([tick, { event, processes }]) => {
      const names = [...processes].map(({ name }) => name).sort();
      return { tick, event: event.sequence, processes: names };
    });
    return { pending: pending.sort((a, b) => a.tick - b.tick) };
  }

  restore({ pending }: SavedEdges): void {
    this.#pending.clear();
    for (const { tick, event, processes } of pending) {
      this.#pending.set(tick, {
        event: this.#queue.putBack(event, () => {
          this.#happen(tick);
        }),
        processes: new Set(processes.map((name) => this.#processNamed(name))),
      });
    }
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

  #happen(tick: number): void {
    const processes = this.#pending.get(tick)?.processes ?? [];
    this.#pending.delete(tick);
    this.take([...processes], tick);
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
