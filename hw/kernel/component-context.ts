import { Subject } from 'rxjs';
import type { BusPort } from './bus-port.ts';
import type { ClockDomain } from './clock-domain.ts';
import type { Endpoint } from './endpoint.ts';
import type { EventQueue } from './event-queue.ts';
import type { PortDirection, Ports } from './ports.ts';
import type { Signal } from './signal.ts';

/** A definition's `Context` with its types erased; the part about registers moves with each access. */
export interface ErasedContext {
  readonly now: number;
  readonly options: unknown;
  readonly clocks: Readonly<Record<string, ClockDomain>>;
  readonly buses: Readonly<Record<string, BusPort>>;
  readonly emit: Readonly<Record<string, (value: unknown) => void>>;
  index: number;
  firstByte: number;
}

/** What the context of an instance is made of. */
export interface ContextParts {
  readonly name: string;
  readonly ports: Ports;
  readonly options: unknown;
  readonly queue: EventQueue;
  readonly clocks: Readonly<Record<string, ClockDomain>>;
  readonly buses: Readonly<Record<string, BusPort>>;
  readonly streams: ReadonlyMap<string, Subject<unknown>>;
}

/** Makes the one context object of an instance; a clock or bus that a port needs must be there. */
export function makeContext(parts: ContextParts): ErasedContext {
  const { name, ports, options, queue, clocks, buses, streams } = parts;
  const senders = [...streams].map(([port, subject]) => {
    const send = (value: unknown): void => {
      subject.next(value);
    };
    return [port, send] as const;
  });
  return {
    get now(): number {
      return queue.now;
    },
    options,
    clocks: pick(clocks, portNames(ports, 'clock'), `${name}: clock`),
    buses: pick(buses, portNames(ports, 'initiator'), `${name}: bus`),
    emit: Object.fromEntries(senders),
    index: 0,
    firstByte: 0,
  };
}

/** Makes one Subject per stream port. */
export function makeStreams(ports: Ports): ReadonlyMap<string, Subject<unknown>> {
  return new Map(portNames(ports, 'stream').map((port) => [port, new Subject<unknown>()]));
}

/** Makes the object whose properties are the present values of the input ports. */
export function makeInputs(
  ports: Ports,
  endpoints: readonly Endpoint[],
  signals: ReadonlyMap<string, Signal>,
): Readonly<Record<string, unknown>> {
  const inputs: Record<string, unknown> = {};
  for (const port of portNames(ports, 'input')) {
    const ends = endpoints.filter((endpoint) => endpoint.port === port);
    const valueOf = ({ path, type }: Endpoint): unknown => {
      const signal = signals.get(path);
      return signal === undefined ? type?.initial : signal.value;
    };
    const [single] = ends;
    const isArray = ports[port]?.count !== undefined;
    const get = isArray || single === undefined ? () => ends.map(valueOf) : () => valueOf(single);
    Object.defineProperty(inputs, port, { enumerable: true, get });
  }
  return inputs;
}

function portNames(ports: Ports, direction: PortDirection): readonly string[] {
  return Object.entries(ports)
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
