import { z } from 'zod';
import { deviceKinds as plainDeviceKinds } from '../hw/devices/index.ts';
import { dvExtKinds } from '../hw/dv-ext/index.ts';
import { interruptKinds } from '../hw/interrupts/index.ts';
import type { ComponentDefinition, PlatformFact } from '../hw/kernel/index.ts';
import { address } from './source/quantity.ts';

/** A component definition with its own state and options out of sight. */
export type DeviceKind = ComponentDefinition;

/** Every kind of component that a platform file may name, from the lists of their folders. */
export const deviceKinds: readonly DeviceKind[] = [
  ...interruptKinds,
  ...dvExtKinds,
  ...plainDeviceKinds,
];

/** What a component may take over from the platform around it. */
export type PlatformFacts = Readonly<Record<PlatformFact, number>>;

/** The definition of a kind; asking for an unknown one is a defect of the caller. */
export function deviceKind(kind: string): DeviceKind {
  const found = deviceKinds.find((candidate) => candidate.kind === kind);
  if (found === undefined) throw new Error(`no device kind '${kind}'`);
  return found;
}

/** True for a component that software finds at an address which the platform chooses. */
export function isMapped({ size, placement }: DeviceKind): boolean {
  return size !== undefined && placement !== 'symbols';
}

/** What a platform file may say about one component of this kind. */
export function deviceSchema(definition: DeviceKind) {
  const place = isMapped(definition) ? { at: address().describe('first physical address') } : {};
  return z
    .strictObject({ kind: z.literal(definition.kind), ...place, ...optionsShape(definition) })
    .describe(definition.summary);
}

/** The options of one component: what the file says of it, and what it takes over from the platform. */
export function deviceOptions(
  definition: DeviceKind,
  declared: Readonly<Record<string, unknown>>,
  facts: PlatformFacts,
): Readonly<Record<string, unknown>> {
  const { platformOptions = {} } = definition;
  const values = Object.keys(optionsShape(definition)).map((name) => {
    const fact = platformOptions[name];
    return [name, declared[name] ?? (fact && facts[fact])] as const;
  });
  return Object.fromEntries(values);
}

function optionsShape({ options, platformOptions = {} }: DeviceKind): z.ZodRawShape {
  if (!(options instanceof z.ZodObject)) return {};
  const shape = Object.entries(options.shape as z.ZodRawShape).map(([name, schema]) => {
    return [name, name in platformOptions ? z.optional(schema) : schema] as const;
  });
  return Object.fromEntries(shape);
}
