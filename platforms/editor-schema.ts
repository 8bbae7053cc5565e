import { platformGuide } from './platform-schema.ts';
import type { SchemaNode } from './source/schema-guide.ts';

/**
 * The JSON Schema with which editors complete and check platform files. A file that extends another may leave
 * anything out, and may remove what it inherits, so nothing is required here; `dvlab check` sees the whole.
 */
export function editorSchemaText(): string {
  const schema = relaxed(platformGuide) as Record<string, unknown>;
  const properties = schema['properties'] as Record<string, unknown>;
  const described = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'dvlab platform',
    ...schema,
    properties: {
      extends: { type: 'string', description: 'platform file that this one is laid over' },
      ...properties,
    },
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}

const dropped = ['required', 'expects', '$schema'];

function relaxed(node: unknown, isNamed = false): unknown {
  if (Array.isArray(node)) return node.map((item) => relaxed(item));
  if (typeof node !== 'object' || node === null) return node;
  const { expects } = node as SchemaNode;
  const entries = Object.entries(node)
    .filter(([key]) => !dropped.includes(key))
    .map(([key, value]) => [key, relaxedChild(key, value)]);
  const described =
    typeof expects === 'string' ? { markdownDescription: `expected ${expects}` } : {};
  const plain = { ...Object.fromEntries(entries), ...described } as object;
  return isNamed ? { anyOf: [plain, { type: 'null' }] } : plain;
}

function relaxedChild(key: string, value: unknown): unknown {
  if (key === 'properties') {
    const named = Object.entries(value as object).map(([name, child]) => [name, relaxed(child)]);
    return Object.fromEntries(named) as object;
  }
  if (key === 'additionalProperties') return relaxed(value, typeof value === 'object');
  return relaxed(value);
}
