import type { SignalType } from './signal-type.ts';

/** What a port is, seen from its component. */
export type PortDirection = 'input' | 'output' | 'sampled' | 'clock' | 'initiator' | 'stream';

/** How many wires a port array has: a number, or the name of the option that says so. */
export type PortCount = number | string;

/** A declared port; `V` is what the component's functions see of it. */
export interface Port<D extends PortDirection = PortDirection, V = unknown> {
  readonly direction: D;
  /** Type of the wire, where there is one. */
  readonly type?: SignalType<unknown>;
  /** Present on arrays. */
  readonly count?: PortCount;
  /** Number of an array's first wire; 0 if absent. */
  readonly first?: number;
  /** Whether an input may be left without a driver; it then has its type's initial value. */
  readonly isOptional?: boolean;
  readonly description?: string;
  /** Exists only for the type system. */
  readonly carries?: V;
}

/** The ports of a component by name. */
export type Ports = Readonly<Record<string, Port>>;

/** A wire that comes in; exactly one output drives it. */
export function input<T>(type: SignalType<T>, description?: string): Port<'input', T> {
  return { direction: 'input', type, ...describe(description) };
}

/** A wire that `drive` sets. */
export function output<T>(type: SignalType<T>, description?: string): Port<'output', T> {
  return { direction: 'output', type, ...describe(description) };
}

/** `count` wires that come in, `port.0`, `port.1` … */
export function inputs<T>(
  type: SignalType<T>,
  count: PortCount,
  description?: string,
): Port<'input', readonly T[]> {
  return { direction: 'input', type, count, ...describe(description) };
}

/** `count` wires that may come in, `port.1`, `port.2` …; one that nothing drives has its type's initial value. */
export function optionalInputs<T>(
  type: SignalType<T>,
  count: PortCount,
  description?: string,
): Port<'input', readonly T[]> {
  return {
    direction: 'input',
    type,
    count,
    first: 1,
    isOptional: true,
    ...describe(description),
  };
}

/** `count` wires that `drive` sets, `port.0`, `port.1` … */
export function outputs<T>(
  type: SignalType<T>,
  count: PortCount,
  description?: string,
): Port<'output', readonly T[]> {
  return { direction: 'output', type, count, ...describe(description) };
}

/**
 * A value that changes with time by itself, such as a counter: computed when its reader looks, so that it costs
 * no events. `sample` computes it.
 */
export function sampled<T>(type: SignalType<T>, description?: string): Port<'sampled', T> {
  return { direction: 'sampled', type, ...describe(description) };
}

/** A clock domain the component counts in, beside the one it is clocked by; bound to the domain of the same name. */
export function clock(description?: string): Port<'clock'> {
  return { direction: 'clock', ...describe(description) };
}

/** A port through which the component itself accesses the bus (DMA). */
export function initiator(description?: string): Port<'initiator'> {
  return { direction: 'initiator', ...describe(description) };
}

/** Something that leaves the simulation as an Observable, such as console bytes. */
export function stream<T>(description?: string): Port<'stream', T> {
  return { direction: 'stream', ...describe(description) };
}

function describe(description: string | undefined): { description?: string } {
  return description === undefined ? {} : { description };
}

/** Names of the ports of one direction. */
export type PortNames<P extends Ports, D extends PortDirection> = {
  [K in keyof P]: P[K]['direction'] extends D ? K : never;
}[keyof P] &
  string;

/** The values that ports of one direction carry, by name. */
export type PortValues<P extends Ports, D extends PortDirection> = {
  readonly [K in PortNames<P, D>]: P[K] extends Port<D, infer V> ? V : never;
};
