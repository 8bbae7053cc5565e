import type { ConfigNode, MapNode } from './source/config-node.ts';
import type { Diagnostic } from './source/diagnostic.ts';
import { suggestName } from './source/nearest-name.ts';
import type { Origin } from './source/origin.ts';

/** One end of a wire that a component offers. */
export interface Endpoint {
  readonly direction: 'input' | 'output';
  /** Name of the signal's type; both ends of a wire must agree. */
  readonly type: string;
  /** Whether an input may be left without a driver. */
  readonly isOptional?: boolean;
  /** Where the component that has this endpoint is declared. */
  readonly origin: Origin | undefined;
}

/** Every endpoint of a machine by its dotted name, such as `hart.0.mtip`. */
export type Endpoints = ReadonlyMap<string, Endpoint>;

/** A wire, resolved: the input and the output that drives it, or a constant level. */
export interface Wire {
  readonly input: string;
  readonly driver: string;
}

/** Constant drivers of a line, written in place of an output. */
const constantLevels = ['low', 'high'] as const;

interface Wiring {
  readonly endpoints: Endpoints;
  /** Components whose own declaration is wrong: nothing about their ends is said a second time. */
  readonly broken: ReadonlySet<string>;
  readonly diagnostics: Diagnostic[];
}

/** Checks that every end exists, directions and types fit, and every input has a driver. */
export function checkWiring(wires: MapNode | undefined, wiring: Wiring): Wire[] {
  const connected: Wire[] = [];
  const driven = new Set<string>();
  for (const [input, entry] of wires?.entries ?? []) {
    driven.add(input);
    const driver = driverName(entry.node, wiring);
    const inputEnd = resolve(input, 'input', entry.keyOrigin, wiring);
    const driverEnd = driver && resolve(driver, 'output', entry.node.origin, wiring);
    if (driver === undefined || !inputEnd || !driverEnd) continue;
    if (inputEnd.type === driverEnd.type) connected.push({ input, driver });
    else wiring.diagnostics.push(typeMismatch({ input, inputEnd, driver, driverEnd }, entry.node));
  }
  for (const [name, endpoint] of wiring.endpoints) {
    if (endpoint.direction === 'input' && endpoint.isOptional !== true && !driven.has(name)) {
      wiring.diagnostics.push(undriven(name, endpoint, wires));
    }
  }
  return connected;
}

function driverName(node: ConfigNode, { diagnostics }: Wiring): string | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
  diagnostics.push({
    code: 'E-CFG-004',
    message: 'wrong value for a wire',
    origin: node.origin,
    label: 'expected the name of an output, such as clint.mtip.0',
  });
  return undefined;
}

function resolve(
  name: string,
  direction: Endpoint['direction'],
  origin: Origin,
  wiring: Wiring,
): Endpoint | undefined {
  const isConstant = (constantLevels as readonly string[]).includes(name);
  if (isConstant && direction === 'output') return { direction, type: 'line', origin: undefined };
  const endpoint = wiring.endpoints.get(name);
  if (endpoint?.direction === direction) return endpoint;
  if (wiring.broken.has(name.split('.')[0] ?? '')) return undefined;
  const valid = [...wiring.endpoints].filter(([, end]) => end.direction === direction);
  const names = valid.map(([validName]) => validName);
  wiring.diagnostics.push(
    endpoint === undefined
      ? unknownEndpoint(name, direction, origin, names)
      : wrongDirection(name, direction, origin),
  );
  return undefined;
}

function unknownEndpoint(
  name: string,
  direction: Endpoint['direction'],
  origin: Origin,
  names: readonly string[],
): Diagnostic {
  const component = name.slice(0, name.lastIndexOf('.') + 1);
  const near = names.filter((candidate) => component !== '' && candidate.startsWith(component));
  return {
    code: 'E-CFG-021',
    message: `no ${direction} '${name}'`,
    origin,
    label: suggestName(name, near.length > 0 ? near : names),
    help: 'dvlab describe components',
  };
}

function wrongDirection(name: string, wanted: Endpoint['direction'], origin: Origin): Diagnostic {
  const found = wanted === 'input' ? 'output' : 'input';
  return {
    code: 'E-CFG-022',
    message: `'${name}' is an ${found}, not an ${wanted}`,
    origin,
    label: "a wire is written 'input: output that drives it'",
  };
}

interface Mismatch {
  readonly input: string;
  readonly inputEnd: Endpoint;
  readonly driver: string;
  readonly driverEnd: Endpoint;
}

function typeMismatch(
  { input, inputEnd, driver, driverEnd }: Mismatch,
  node: ConfigNode,
): Diagnostic {
  return {
    code: 'E-CFG-023',
    message: `'${driver}' (${driverEnd.type}) cannot drive '${input}' (${inputEnd.type})`,
    origin: node.origin,
    label: `expected an output of type ${inputEnd.type}`,
  };
}

function undriven(name: string, endpoint: Endpoint, wires: MapNode | undefined): Diagnostic {
  const constant = endpoint.type === 'line' ? `, or '${name}: low' to tie it off` : '';
  return {
    code: 'E-CFG-020',
    message: `input '${name}' is not driven`,
    origin: endpoint.origin,
    label: `add '${name}: OUTPUT' to wires${constant}`,
    notes: wires === undefined ? ['the platform has no wires'] : [],
  };
}
