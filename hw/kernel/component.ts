import { enablePatches, produce, produceWithPatches } from 'immer';
import { Subject, type Observable } from 'rxjs';
import type { AccessBytes, BusPort } from './bus-port.ts';
import type { ClockDomain } from './clock-domain.ts';
import type { ComponentDefinition } from './component-definition.ts';
import type { EdgePhases, EdgeProcess } from './edge-phases.ts';
import { endpointsOf, type Endpoint } from './endpoint.ts';
import type { EventQueue } from './event-queue.ts';
import type { MmioTarget } from './mmio-target.ts';
import type { PortNames, Ports, PortValues } from './ports.ts';
import { RegisterMap, type RegisterSlot } from './register-map.ts';
import { Signal } from './signal.ts';
import type { TraceHub } from './trace.ts';

enablePatches();

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

type Values = Record<string, unknown>;

/** The part of the context that moves with each access. */
interface RegisterPlace {
  readonly now: number;
  index: number;
  firstByte: number;
}

/**
 * An instance of a definition. Software reaches its registers through `read` and `write`; a write takes effect in
 * bus order, and outputs follow at the next edge of the component's clock.
 */
export class Component<P extends Ports = Ports, S extends object = object, O = unknown>
  implements EdgeProcess, MmioTarget
{
  readonly name: string;
  readonly definition: ComponentDefinition;
  readonly options: O;
  readonly endpoints: readonly Endpoint[];
  readonly registers: RegisterMap;
  readonly #surroundings: Surroundings;
  readonly #signals = new Map<string, Signal>();
  readonly #outputs: readonly string[];
  readonly #inputs: Values;
  readonly #streams: ReadonlyMap<string, Subject<unknown>>;
  readonly #context: RegisterPlace & Readonly<Values>;
  #state: object;
  #next: object | undefined;
  #edgeAt: number | undefined;
  #driveAt: number | undefined;

  constructor(
    name: string,
    definition: ComponentDefinition<P, S, O>,
    options: O,
    surroundings: Surroundings,
  ) {
    this.name = name;
    this.definition = definition as ComponentDefinition;
    this.options = options;
    this.endpoints = endpointsOf(this.definition, options);
    this.registers = new RegisterMap(this.definition, options);
    this.#surroundings = surroundings;
    this.#outputs = portNames(definition, 'output');
    this.#inputs = this.#inputValues();
    this.#streams = new Map(portNames(definition, 'stream').map((port) => [port, new Subject()]));
    this.#context = this.#makeContext();
    this.#state = this.#resetState();
    for (const { path, direction, type } of this.endpoints) {
      if (direction === 'output' && type !== undefined) {
        this.#signals.set(path, new Signal(`${name}.${path}`, type));
      }
    }
    if (this.#outputs.length > 0 && definition.drive === undefined) {
      throw new Error(`${definition.kind}: there are outputs and no drive`);
    }
  }

  /** The present state. */
  get state(): S {
    return this.#state as S;
  }

  /** Bytes of address space. */
  get size(): number {
    return this.definition.size ?? 0;
  }

  /** Latency class of accesses to it. */
  get latency(): string {
    return this.definition.latency ?? this.definition.kind;
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
      throw new Error(
        `${subject} is a ${String(endpoint.type?.name)}, its driver ${driver.name} a ${driver.type.name}`,
      );
    }
    const present = this.#signals.get(path);
    if (present !== undefined) {
      throw new Error(`${subject} is driven by ${present.name} and by ${driver.name}`);
    }
    this.#signals.set(path, driver);
    driver.readers.push(this);
  }

  /** Computes a sampled port's value at this moment. */
  sample<K extends PortNames<P, 'sampled'>>(port: K): PortValues<P, 'sampled'>[K] {
    const functions = this.definition.sample as Readonly<
      Record<string, (state: object, context: unknown) => unknown>
    >;
    return functions[port]?.(this.#state, this.#context) as PortValues<P, 'sampled'>[K];
  }

  /** What the component sends out of the simulation. */
  stream<K extends PortNames<P, 'stream'>>(port: K): Observable<PortValues<P, 'stream'>[K]> {
    const subject = this.#streams.get(port);
    if (subject === undefined) {
      throw new Error(`${this.name}: there is no stream ${port}`);
    }
    return subject.asObservable() as Observable<PortValues<P, 'stream'>[K]>;
  }

  /** Does one of the definition's actions, from outside the simulation or at a simulated time. */
  act(action: string, value = 0): void {
    const recipe = this.definition.actions?.[action];
    if (recipe === undefined) {
      throw new Error(`${this.name}: there is no action ${action}`);
    }
    this.#transact((draft) => {
      recipe(draft, value, this.#context as never);
    });
  }

  /** Back to the state after reset; outputs follow at the next edge. */
  reset(): void {
    this.#replace(this.#resetState());
    this.#requestDrive();
  }

  read(offset: number, bytes: AccessBytes): bigint | undefined {
    const slot = this.registers.locate(offset, bytes);
    if (slot === 'wide' && this.definition.wide === 'split') {
      return this.#readHalves(offset, half(bytes));
    }
    if (typeof slot === 'string') {
      return slot === 'unmapped' && this.definition.unmapped === 'zero' ? 0n : undefined;
    }
    this.#aim(slot, offset);
    const whole = this.#registerValue(slot);
    const value = BigInt.asUintN(bytes * 8, whole >> BigInt((offset - slot.start) * 8));
    const { afterRead } = slot.register;
    if (afterRead !== undefined) {
      this.#transact((draft) => {
        afterRead.call(slot.register, draft, this.#context as never);
      });
    }
    this.#surroundings.trace.access(this.#context.now, this.name, slot, 'read', value);
    return value;
  }

  write(offset: number, bytes: AccessBytes, value: bigint): boolean {
    const slot = this.registers.locate(offset, bytes);
    if (slot === 'wide' && this.definition.wide === 'split') {
      const low = half(bytes);
      const high = value >> BigInt(low * 8);
      return this.write(offset, low, value) && this.write(offset + low, low, high);
    }
    if (typeof slot === 'string') {
      return slot === 'unmapped' && this.definition.unmapped === 'zero';
    }
    const { register } = slot;
    this.#aim(slot, offset);
    const whole =
      bytes === register.bytes
        ? BigInt.asUintN(bytes * 8, value)
        : this.#merge(slot, offset, bytes, value);
    this.#surroundings.trace.access(this.#context.now, this.name, slot, 'write', whole);
    if (register.write !== undefined) {
      this.#transact((draft) => {
        if (register.bytes === 8) {
          register.write?.(draft, whole, this.#context as never);
        } else {
          register.write?.(draft, Number(whole), this.#context as never);
        }
      });
    }
    return true;
  }

  evaluate(tick: number): void {
    const { onEdge } = this.definition;
    if (tick === this.#edgeAt) {
      this.#edgeAt = undefined;
      if (onEdge !== undefined) {
        this.#next = this.#produce((draft) => {
          onEdge.call(this.definition, draft, this.#inputs as never, this.#context as never);
        });
      }
    }
    if (tick === this.#driveAt) {
      this.#driveAt = undefined;
    }
  }

  commit(): void {
    if (this.#next !== undefined) {
      this.#state = this.#next;
      this.#next = undefined;
    }
  }

  drive(): readonly Signal[] {
    const values = this.definition.drive?.(
      this.#state,
      this.#inputs as never,
      this.#context as never,
    ) as Readonly<Values> | undefined;
    const changed: Signal[] = [];
    for (const { path, port, index, direction } of this.endpoints) {
      const signal = direction === 'output' ? this.#signals.get(path) : undefined;
      if (signal !== undefined) {
        const value = values?.[port];
        const element = index === undefined ? value : (value as readonly unknown[])[index];
        if (signal.drive(element)) {
          changed.push(signal);
        }
      }
    }
    return changed;
  }

  rest(tick: number): void {
    const { phases, clock } = this.#surroundings;
    const wanted = this.definition.nextEdge?.(
      this.#state,
      this.#inputs as never,
      this.#context as never,
    );
    const edge =
      wanted === undefined ? undefined : Math.max(clock.edgeFrom(wanted), clock.edgeAfter(tick));
    if (edge === this.#edgeAt) {
      return;
    }
    if (this.#edgeAt !== undefined && this.#edgeAt !== this.#driveAt) {
      phases.withdraw(this, this.#edgeAt);
    }
    this.#edgeAt = edge;
    if (edge !== undefined) {
      phases.request(this, edge);
    }
  }

  #transact(recipe: (draft: object) => void): void {
    if (this.#replace(this.#produce(recipe))) {
      this.#requestDrive();
    }
  }

  #replace(state: object): boolean {
    const changed = state !== this.#state;
    this.#state = state;
    return changed;
  }

  #requestDrive(): void {
    const { clock, phases } = this.#surroundings;
    this.#driveAt = clock.edgeAfter(this.#context.now);
    phases.request(this, this.#driveAt);
  }

  #produce(recipe: (draft: object) => void): object {
    const { trace } = this.#surroundings;
    if (!trace.observesState) {
      return produce(this.#state, recipe);
    }
    const [state, patches] = produceWithPatches(this.#state, recipe);
    if (patches.length > 0) {
      trace.state(this.#context.now, this.name, patches);
    }
    return state;
  }

  #readHalves(offset: number, bytes: AccessBytes): bigint | undefined {
    const low = this.read(offset, bytes);
    const high = this.read(offset + bytes, bytes);
    return low === undefined || high === undefined ? undefined : low | (high << BigInt(bytes * 8));
  }

  #aim(slot: RegisterSlot, offset: number): void {
    this.#context.index = slot.index;
    this.#context.firstByte = offset - slot.start;
  }

  #registerValue(slot: RegisterSlot): bigint {
    const value = slot.register.read?.(this.#state, this.#context as never) ?? 0n;
    return BigInt.asUintN(slot.register.bytes * 8, BigInt(value));
  }

  #merge(slot: RegisterSlot, offset: number, bytes: AccessBytes, value: bigint): bigint {
    const shift = BigInt((offset - slot.start) * 8);
    const mask = ((1n << BigInt(bytes * 8)) - 1n) << shift;
    return (this.#registerValue(slot) & ~mask) | ((value << shift) & mask);
  }

  #resetState(): object {
    const { reset } = this.definition;
    const state =
      typeof reset === 'function' ? (reset as (options: O) => object)(this.options) : reset;
    // Frozen like every later state.
    return produce(state, () => undefined);
  }

  #inputValues(): Values {
    const values: Values = {};
    for (const [port, { direction, type, count }] of Object.entries(this.definition.ports)) {
      if (direction === 'input') {
        const paths = this.endpoints.filter((end) => end.port === port).map((end) => end.path);
        const valueOf = (path: string): unknown => {
          const signal = this.#signals.get(path);
          return signal === undefined ? type?.initial : signal.value;
        };
        const get = count === undefined ? () => valueOf(port) : () => paths.map(valueOf);
        Object.defineProperty(values, port, { enumerable: true, get });
      }
    }
    return values;
  }

  #makeContext(): RegisterPlace & Readonly<Values> {
    const { queue, clocks, buses } = this.#surroundings;
    const emit = Object.fromEntries(
      [...this.#streams].map(([port, subject]) => {
        const send = (value: unknown): void => {
          subject.next(value);
        };
        return [port, send];
      }),
    );
    return {
      get now(): number {
        return queue.now;
      },
      index: 0,
      firstByte: 0,
      options: this.options,
      clocks: pick(clocks, portNames(this.definition, 'clock'), `${this.name}: clock`),
      buses: pick(buses, portNames(this.definition, 'initiator'), `${this.name}: bus`),
      emit,
    };
  }
}

function half(bytes: AccessBytes): AccessBytes {
  return bytes === 8 ? 4 : bytes === 4 ? 2 : 1;
}

function portNames(definition: { readonly ports: Ports }, direction: string): readonly string[] {
  return Object.entries(definition.ports)
    .filter(([, port]) => port.direction === direction)
    .map(([name]) => name);
}

function pick<T>(
  from: Readonly<Record<string, T>>,
  names: readonly string[],
  what: string,
): Readonly<Record<string, T>> {
  const picked = names.map((name) => {
    const value = from[name];
    if (value === undefined) {
      throw new Error(`${what} ${name} is not connected`);
    }
    return [name, value] as const;
  });
  return Object.fromEntries(picked);
}
