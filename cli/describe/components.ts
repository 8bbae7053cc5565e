import type { z } from 'zod';
import { memoryKinds, type MemoryDefinition } from '../../hw/memory/index.ts';
import { deviceKinds, deviceSchema, type DeviceKind } from '../../platforms/device-kinds.ts';
import { hartInputs } from '../../platforms/hart-ports.ts';
import { memoryKindSchema, platformGuide } from '../../platforms/platform-schema.ts';
import { expectation, inputSchema, type SchemaNode } from '../../platforms/source/schema-guide.ts';
import { textTable } from '../text-table.ts';

/** Every section of a platform file and every kind of memory and component, with options, ports and registers. */
export function describeComponents(): readonly string[] {
  return [
    'A platform file',
    ...parameters(platformGuide, ['memory', 'devices', 'wires']),
    '',
    'hart.N: what a platform wires to every hart',
    ...textTable(hartRows()),
    ...memoryKinds.flatMap((definition) => ['', ...describeMemory(definition)]),
    ...deviceKinds.flatMap((definition) => ['', ...describeKind(definition)]),
  ];
}

function hartRows(): string[][] {
  return Object.entries(hartInputs).map(([name, input]) => {
    const direction = 'isOptional' in input ? 'input, optional' : 'input';
    return [`  ${name}`, direction, input.type.name, input.description];
  });
}

function describeMemory(definition: MemoryDefinition): readonly string[] {
  const schema = inputSchema(memoryKindSchema(definition));
  return [`${definition.kind}: ${definition.summary}`, ' options', ...parameters(schema, ['kind'])];
}

function describeKind(definition: DeviceKind): readonly string[] {
  const { kind, summary, ports, registers = {} } = definition;
  const schema: z.ZodType = deviceSchema(definition);
  const portRows = Object.entries(ports).map(([name, port]) => [
    `  ${name}${port.count === undefined ? '' : `.${String(port.first ?? 0)} … (${String(port.count)})`}`,
    port.isOptional === true ? `${port.direction}, optional` : port.direction,
    port.type?.name ?? '',
    port.description ?? '',
  ]);
  const registerRows = Object.entries(registers).map(
    ([name, { offset, bytes, count, groups, description }]) => [
      `  ${name}${count === undefined ? '' : ` [${String(count)}]`}${groups === undefined ? '' : ` × ${String(groups.count)}`}`,
      `0x${offset.toString(16)}`,
      `${String(bytes)} bytes`,
      description ?? '',
    ],
  );
  return [
    `${kind}: ${summary}`,
    ...section(' options', parameters(inputSchema(schema), ['kind'])),
    ...section(' ports', textTable(portRows)),
    ...section(' registers', textTable(registerRows)),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function parameters(schema: SchemaNode, without: readonly string[]): readonly string[] {
  return textTable(parameterRows(schema, '', without));
}

function parameterRows(schema: SchemaNode, prefix: string, without: readonly string[]): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => {
    const path = `${prefix}${name}`;
    if (without.includes(path)) return [];
    if (path === 'harts.timing') return [[`  ${path}`, 'see: dvlab describe timing', '']];
    if (node.properties !== undefined) return parameterRows(node, `${path}.`, without);
    return [[`  ${path}`, expectation(node), node.description ?? '']];
  });
}
