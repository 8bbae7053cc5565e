import type { Observable, Subject } from 'rxjs';
import type { AccessBytes, BusPort } from './bus-port.ts';
import type { Checkpointed } from './checkpointed.ts';
import type { ClockDomain } from './clock-domain.ts';
import { makeContext, makeInputs, makeStreams, type ErasedContext } from './component-context.ts';
import type { ComponentDefinition } from './component-definition.ts';
import type { EdgePhases, EdgeProcess } from './edge-phases.ts';
import { endpointsOf, type Endpoint } from './endpoint.ts';
import type { EventQueue } from './event-queue.ts';
import type { MmioTarget } from './mmio-target.ts';
import type { PortNames, Ports, PortValues } from './ports.ts';
import { RegisterAccess } from './register-access.ts';
import type { RegisterMap } from './register-map.ts';
import { Signal, type SavedSignal } from './signal.ts';
import { StateCell, type Recipe } from './state-cell.ts';
import type { TraceHub } from './trace.ts';

/** What an instance is connected to from the start. */
export interface Surroundings {
  readonly queue: EventQueue;
  readonly phases: EdgePhases;
  readonly trace: TraceHub;
  /** The domain whose edges the component takes. */
  readonly clock: ClockDomain;
  /** Domains for the component's clock ports, by port name. */
  readonly clocks: Readonly<Record<string, ClockDomain>>;
  /** Buses for the component's initiator ports, by port name. */
  readonly buses: Readonly<Record<string, BusPort>>;
}

/** A component as a checkpoint keeps it. */
export interface SavedComponent {
  readonly state: object;
  /** Ticks of the edges that were asked for: by `nextEdge`, and for outputs to follow a change. */
  readonly edgeAt: number | null;
  readonly driveAt: number | null;
  /** The wires of the outputs, by endpoint path. */
  readonly outputs: Readonly<Record<string, SavedSignal>>;
}

type SampleFunctions = Readonly<Record<string, (state: object, context: ErasedContext) => unknown>>;

interface OutputEnd {
  readonly signal: Signal;
  readonly path: string;
  readonly port: string;
  readonly index: number | undefined;
}

/**
 * An instance of a definition. Software reaches its registers through `read` and `write`; a write takes effect in
 * bus order, and outputs follow at the next edge of the component's clock.
 */
export class Component<P extends Ports = Ports, S extends object = object, O = unknown>
  implements EdgeProcess, MmioTarget, Checkpointed<SavedComponent>
{
  readonly name: string;
  readonly definition: ComponentDefinition;
  readonly options: O;
  readonly endpoints: readonly Endpoint[];
  readonly #clock: ClockDomain;
  readonly #phases: EdgePhases;
  readonly #signals = new Map<string, Signal>();
  readonly #outputs: readonly OutputEnd[];
  readonly #streams: ReadonlyMap<string, Subject<unknown>>;
  readonly #context: ErasedContext;
  readonly #inputs: never;
  readonly #cell: StateCell;
  readonly #registers: RegisterAccess;
  #next: object | undefined;
  #edgeAt: number | undefined;
  #driveAt: number | undefined;

  constructor(
    name: string,
    definition: ComponentDefinition<P, S, O>,
    options: O,
    surroundings: Surroundings,
  ) {
    const { ports } = definition;
    const { phases, clock, trace } = surroundings;
    this.name = name;
    this.definition = definition;
    this.options = options;
    this.endpoints = endpointsOf(this.definition, options);
    this.#clock = clock;
    this.#phases = phases;
    this.#streams = makeStreams(ports);
    const streams = this.#streams;
    const context = makeContext({ ...surroundings, name, ports, options, streams });
    this.#context = context;
    this.#inputs = makeInputs(ports, this.endpoints, this.#signals) as never;
    this.#cell = new StateCell(name, this.#initialState(), trace, () => context.now);
    this.#registers = new RegisterAccess(this, this.definition, context, trace);
    this.#outputs = this.endpoints.flatMap(({ path, port, index, direction, type }) => {
      if (direction !== 'output' || type === undefined) {
        return [];
      }
      const signal = new Signal(`${name}.${path}`, type);
      this.#signals.set(path, signal);
      return [{ signal, path, port, index }];
    });
  }

  /** The present state. */
  get state(): S {
    return this.#cell.value as S;
  }

  get size(): number {
    return this.definition.size ?? 0;
  }

  get latency(): string {
    return this.definition.latency ?? this.definition.kind;
  }

  /** The registers at their places. */
  get registers(): RegisterMap {
    return this.#registers.map;
  }

  /** The signal of an output or of a wired input, by endpoint path. */
  signal(path: string): Signal | undefined {
    return this.#signals.get(path);
  }

  /** Wires an input to the output that drives it. */
  wire(path: string, driver: Signal): void {
    const endpoint = this.endpoints.find((candidate) => candidate.path === path);
    const subject = `${this.name}.${path}`;
    if (endpoint?.direction !== 'input') {
      throw new Error(`${subject}: there is no such input`);
    }
    if (endpoint.type?.name !== driver.type.name) {
      const type = String(endpoint.type?.name);
      throw new Error(`${subject} is a ${type}, its driver ${driver.name} a ${driver.type.name}`);
    }
    const present = this.#signals.get(path);
    if (present !== undefined) {
      throw new Error(`${subject} is driven by ${present.name} and by ${driver.name}`);
    }
    this.#signals.set(path, driver);
    driver.readers.push(this);
  }

  /** Computes a sampled port's value at this moment. */
  sample<K extends PortNames<P, 'sampled'>>(port: K): PortValues<P, 'sampled'>[K];
  sample(port: string): unknown;
  sample(port: string): unknown {
    const functions = this.definition.sample as SampleFunctions | undefined;
    const sample = functions?.[port];
    if (sample === undefined) {
      throw new Error(`${this.name}: there is no sampled port ${port}`);
    }
    return sample(this.state, this.#context);
  }

  /** What the component sends out of the simulation. */
  stream<K extends PortNames<P, 'stream'>>(port: K): Observable<PortValues<P, 'stream'>[K]>;
  stream(port: string): Observable<unknown>;
  stream(port: string): Observable<unknown> {
    const subject = this.#streams.get(port);
    if (subject === undefined) {
      throw new Error(`${this.name}: there is no stream ${port}`);
    }
    return subject.asObservable();
  }

  /** Does one of the definition's actions, from outside the simulation or at a simulated time. */
  act(action: string, value = 0): void {
    const recipe = this.definition.actions?.[action];
    if (recipe === undefined) {
      throw new Error(`${this.name}: there is no action ${action}`);
    }
    this.transact((draft) => {
      recipe(draft, value, this.#context);
    });
  }

  /** Back to the state after reset; outputs follow at the next edge. */
  reset(): void {
    this.#cell.restart(this.#initialState());
    this.#requestDrive();
  }

  save(): SavedComponent {
    const outputs = this.#outputs.map(({ signal, path }) => [path, signal.save()] as const);
    return {
      state: this.#cell.value,
      edgeAt: this.#edgeAt ?? null,
      driveAt: this.#driveAt ?? null,
      outputs: Object.fromEntries(outputs),
    };
  }

  restore({ state, edgeAt, driveAt, outputs }: SavedComponent): void {
    this.#cell.restart(state);
    this.#edgeAt = edgeAt ?? undefined;
    this.#driveAt = driveAt ?? undefined;
    this.#next = undefined;
    for (const { signal, path } of this.#outputs) {
      const saved = outputs[path];
      if (saved !== undefined) signal.restore(saved);
    }
  }

  read(offset: number, bytes: AccessBytes): bigint | undefined {
    return this.#registers.read(offset, bytes);
  }

  write(offset: number, bytes: AccessBytes, value: bigint): boolean {
    return this.#registers.write(offset, bytes, value);
  }

  /** Changes the state at once; outputs follow at the next edge. */
  transact(recipe: Recipe): void {
    if (this.#cell.replace(this.#cell.next(recipe))) {
      this.#requestDrive();
    }
  }

  evaluate(tick: number): void {
    if (tick === this.#driveAt) {
      this.#driveAt = undefined;
    }
    if (tick === this.#edgeAt) {
      this.#edgeAt = undefined;
      if (this.definition.onEdge !== undefined) {
        this.#next = this.#cell.next((draft) => {
          this.definition.onEdge?.(draft, this.#inputs, this.#context);
        });
      }
    }
  }

  commit(): void {
    if (this.#next !== undefined) {
      this.#cell.replace(this.#next);
      this.#next = undefined;
    }
  }

  drive(): readonly Signal[] {
    const values = this.definition.drive?.(this.state, this.#inputs, this.#context) as
      Readonly<Record<string, unknown>> | undefined;
    const changed: Signal[] = [];
    for (const { signal, port, index } of this.#outputs) {
      const value = values?.[port];
      if (signal.drive(index === undefined ? value : (value as readonly unknown[])[index])) {
        changed.push(signal);
      }
    }
    return changed;
  }

  rest(tick: number): void {
    const wanted = this.definition.nextEdge?.(this.state, this.#inputs, this.#context);
    const edge =
      wanted === undefined
        ? undefined
        : Math.max(this.#clock.edgeFrom(wanted), this.#clock.edgeAfter(tick));
    if (edge === this.#edgeAt) {
      return;
    }
    if (this.#edgeAt !== undefined && this.#edgeAt !== this.#driveAt) {
      this.#phases.withdraw(this, this.#edgeAt);
    }
    this.#edgeAt = edge;
    if (edge !== undefined) {
      this.#phases.request(this, edge);
    }
  }

  #requestDrive(): void {
    this.#driveAt = this.#clock.edgeAfter(this.#context.now);
    this.#phases.request(this, this.#driveAt);
  }

  #initialState(): object {
    const { reset } = this.definition;
    return typeof reset === 'function' ? (reset as (options: O) => object)(this.options) : reset;
  }
}
