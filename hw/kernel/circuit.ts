import type { BusPort } from './bus-port.ts';
import type { Checkpointed } from './checkpointed.ts';
import type { ClockDomain } from './clock-domain.ts';
import { Component, type SavedComponent } from './component.ts';
import type { ComponentDefinition } from './component-definition.ts';
import { EdgePhases, type SavedEdges } from './edge-phases.ts';
import type { EventQueue } from './event-queue.ts';
import type { Ports } from './ports.ts';
import type { Signal } from './signal.ts';
import { TraceHub } from './trace.ts';

/** What a circuit's components share. */
export interface CircuitSettings {
  readonly queue: EventQueue;
  /** The domain that components are clocked by, unless they are added with another. */
  readonly clock: ClockDomain;
  /** Domains for clock ports, by port name. */
  readonly clocks?: Readonly<Record<string, ClockDomain>>;
  /** Buses for initiator ports, by port name. */
  readonly buses?: Readonly<Record<string, BusPort>>;
}

/** A circuit as a checkpoint keeps it. */
export interface SavedCircuit {
  readonly components: Readonly<Record<string, SavedComponent>>;
  readonly edges: SavedEdges;
}

/** Component instances and the wires between them. */
export class Circuit implements Checkpointed<SavedCircuit> {
  readonly trace = new TraceHub();
  readonly #settings: CircuitSettings;
  readonly #phases: EdgePhases;
  readonly #components = new Map<string, Component>();

  constructor(settings: CircuitSettings) {
    this.#settings = settings;
    this.#phases = new EdgePhases(
      settings.queue,
      (signal, tick) => {
        this.trace.signal(tick, signal);
      },
      (name) => this.component(name),
    );
  }

  /** The instances, in the order in which they were added. */
  get components(): readonly Component[] {
    return [...this.#components.values()];
  }

  /** Makes an instance; `options` are what the definition's schema yields. */
  add<P extends Ports, S extends object, O>(
    name: string,
    definition: ComponentDefinition<P, S, O>,
    options: O,
    clock: ClockDomain = this.#settings.clock,
  ): Component<P, S, O> {
    if (this.#components.has(name)) {
      throw new Error(`${name}: there is a component of that name`);
    }
    const { queue, clocks = {}, buses = {} } = this.#settings;
    const component = new Component(name, definition, options, {
      queue,
      phases: this.#phases,
      trace: this.trace,
      clock,
      clocks,
      buses,
    });
    this.#components.set(name, component);
    return component;
  }

  /** The instance of that name. */
  component(name: string): Component {
    const component = this.#components.get(name);
    if (component === undefined) {
      throw new Error(`${name}: there is no such component`);
    }
    return component;
  }

  /** The signal of an output, by `component.port` or `component.port.index`. */
  output(path: string): Signal {
    const [name, port] = splitPath(path);
    const component = this.component(name);
    const endpoint = component.endpoints.find((candidate) => candidate.path === port);
    const signal = endpoint?.direction === 'output' ? component.signal(port) : undefined;
    if (signal === undefined) {
      throw new Error(`${path}: there is no such output`);
    }
    return signal;
  }

  /** Wires `input` to the `output` that drives it; both are `component.port` or `component.port.index`. */
  wire(input: string, output: string): void {
    const [name, port] = splitPath(input);
    this.component(name).wire(port, this.output(output));
  }

  /** Inputs that nothing drives and that something must. */
  undrivenInputs(): readonly string[] {
    return this.components.flatMap((component) =>
      component.endpoints
        .filter(
          ({ direction, path, isOptional }) =>
            direction === 'input' && !isOptional && component.signal(path) === undefined,
        )
        .map(({ path }) => `${component.name}.${path}`),
    );
  }

  /** Settles all outputs at the present tick; call it once everything is wired, before the first cycle. */
  start(): void {
    this.#phases.take(this.components, this.#settings.queue.now);
  }

  /** The state of every component comes along by itself: a definition has no other place for it. */
  save(): SavedCircuit {
    const components = this.components.map((component) => [component.name, component.save()]);
    return {
      components: Object.fromEntries(components) as SavedCircuit['components'],
      edges: this.#phases.save(),
    };
  }

  restore({ components, edges }: SavedCircuit): void {
    for (const [name, saved] of Object.entries(components)) this.component(name).restore(saved);
    this.#phases.restore(edges);
  }

  /** Puts every component back to its state after reset. */
  reset(): void {
    for (const component of this.components) {
      component.reset();
    }
  }
}

function splitPath(path: string): readonly [component: string, port: string] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
}
