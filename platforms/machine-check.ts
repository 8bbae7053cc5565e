import { z } from 'zod';
import { checkAddressMap, type Occupant } from './address-map.ts';
import { deviceKind, deviceOptions, isMapped } from './device-kinds.ts';
import { endpointsOf, type DeclaredDevice } from './endpoints.ts';
import { maximumHartCount } from './harts-schema.ts';
import { componentSchema, memorySchema } from './platform-schema.ts';
import { entryAt, plainValue, type MapNode } from './source/config-node.ts';
import type { Diagnostic } from './source/diagnostic.ts';
import { checkWiring, type Wire } from './wiring.ts';

/** Memory is handed out in pages; registers of a device are at most doublewords. */
const alignment = { memory: 4096, devices: 8 } as const;

/** One named part of a section that satisfies its schema. */
interface Part<Data> {
  readonly name: string;
  readonly data: Data;
}

/**
 * Checks what no schema can see: addresses and wires. Works on every part that is itself in order, so that one
 * mistake does not hide another.
 */
export function checkMachine(root: MapNode, diagnostics: Diagnostic[]): Wire[] {
  const memories = validParts(root, 'memory', memorySchema);
  const hartCount = hartCountOf(root);
  const devices = validParts(root, 'devices', componentSchema).map((part) =>
    declared(root, part, hartCount ?? maximumHartCount),
  );
  const occupants = [
    ...memories.map(({ name, data }) => occupant(root, ['memory', name], data)),
    ...devices.flatMap((device) => deviceOccupant(root, device)),
  ];
  checkAddressMap(occupants, diagnostics);
  checkMemories(root, memories, diagnostics);
  return checkWires(root, { devices, hartCount }, diagnostics);
}

function hartCountOf(root: MapNode): number | undefined {
  const node = entryAt(root, ['harts', 'count'])?.node;
  return z
    .int()
    .min(1)
    .max(maximumHartCount)
    .safeParse(node && plainValue(node)).data;
}

interface Ends {
  readonly devices: readonly DeclaredDevice[];
  readonly hartCount: number | undefined;
}

function checkWires(
  root: MapNode,
  { devices, hartCount }: Ends,
  diagnostics: Diagnostic[],
): Wire[] {
  const wires = root.entries.get('wires')?.node;
  const sound = new Set(devices.map(({ name }) => name));
  const broken = new Set(namesIn(root, 'devices').filter((name) => !sound.has(name)));
  if (hartCount === undefined) broken.add('hart');
  const origin = entryAt(root, ['harts', 'count'])?.node.origin;
  return checkWiring(wires?.kind === 'map' ? wires : undefined, {
    endpoints: endpointsOf(devices, { count: hartCount ?? 0, origin }),
    broken,
    diagnostics,
  });
}

function checkMemories(
  root: MapNode,
  memories: readonly Part<z.output<typeof memorySchema>>[],
  diagnostics: Diagnostic[],
): void {
  const section = root.entries.get('memory');
  for (const kind of ['ram', 'rom'] as const) {
    if (section === undefined || namesIn(root, 'memory').length > memories.length) return;
    if (memories.some(({ data }) => data.kind === kind)) continue;
    diagnostics.push({
      code: 'E-CFG-025',
      message: `the platform has no ${kind}`,
      origin: section.keyOrigin,
      label: kind === 'ram' ? 'programs need memory' : 'harts need a rom to boot from',
    });
  }
}

function validParts<Schema extends z.ZodType>(
  root: MapNode,
  section: string,
  schema: Schema,
): Part<z.output<Schema>>[] {
  return namesIn(root, section).flatMap((name) => {
    const node = entryAt(root, [section, name])?.node;
    const result = schema.safeParse(node && plainValue(node));
    return result.success ? [{ name, data: result.data }] : [];
  });
}

function namesIn(root: MapNode, section: string): string[] {
  const node = root.entries.get(section)?.node;
  return node?.kind === 'map' ? [...node.entries.keys()] : [];
}

function declared(
  root: MapNode,
  { name, data }: Part<{ readonly kind: string; readonly at?: unknown }>,
  hartCount: number,
): DeclaredDevice {
  const definition = deviceKind(data.kind);
  const options = deviceOptions(definition, { ...data }, { hartCount });
  const origin = entryAt(root, ['devices', name])?.keyOrigin;
  return { name, definition, options, address: Number(data.at ?? 0), origin };
}

function occupant(
  root: MapNode,
  path: readonly [section: 'memory' | 'devices', name: string],
  extent: { readonly at: number; readonly size: number },
): Occupant {
  const origin = entryAt(root, [...path, 'at'])?.node.origin;
  const [section, name] = path;
  return { name, base: extent.at, size: extent.size, alignment: alignment[section], origin };
}

function deviceOccupant(root: MapNode, device: DeclaredDevice): Occupant[] {
  const { name, definition, address } = device;
  if (!isMapped(definition)) return [];
  return [occupant(root, ['devices', name], { at: address, size: definition.size ?? 0 })];
}
