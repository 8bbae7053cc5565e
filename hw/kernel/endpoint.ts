import type { ComponentDefinition } from './component-definition.ts';
import type { PortCount, PortDirection } from './ports.ts';
import type { SignalType } from './signal-type.ts';

/** One end of a possible wire: a port, or one element of a port array. */
export interface Endpoint {
  /** `port`, or `port.index`. */
  readonly path: string;
  readonly port: string;
  readonly index: number | undefined;
  readonly direction: PortDirection;
  /** Undefined for clocks, initiators and streams. */
  readonly type: SignalType<unknown> | undefined;
  readonly description: string | undefined;
  /** Whether it may be left without a driver. */
  readonly isOptional: boolean;
}

/** The number that a count means under these options. */
export function countOf(count: PortCount, options: unknown): number {
  const value =
    typeof count === 'number' ? count : (options as Readonly<Record<string, unknown>>)[count];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new Error(`option ${String(count)}: ${String(value)} is not a count`);
  }
  return value;
}

/** All ends of a component of this kind with these options, in the order of declaration. */
export function endpointsOf(
  definition: ComponentDefinition,
  options: unknown,
): readonly Endpoint[] {
  return Object.entries(definition.ports).flatMap(([port, declared]): Endpoint[] => {
    const { direction, type, count, description, first = 0, isOptional = false } = declared;
    const common = { port, direction, type, description, isOptional };
    if (count === undefined) {
      return [{ ...common, path: port, index: undefined }];
    }
    return Array.from({ length: countOf(count, options) }, (_, index) => {
      return { ...common, path: `${port}.${String(first + index)}`, index };
    });
  });
}
