import { fileReferences, platformGuide } from './platform-schema.ts';
import type { SchemaNode } from './source/schema-guide.ts';

/** JSON Schema as editors read it. */
type Json = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema with which editors complete and check platform files. A file that extends another may leave
 * anything out, and may remove what it inherits, so nothing is required here; `dvlab check` sees the whole.
 */
export function editorSchemaText(): string {
  const { properties = {}, ...rest } = relaxed(platformGuide, []) as SchemaNode;
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'dvlab platform',
    ...rest,
    properties: {
      extends: { ...fileName, description: 'platform file that this one is laid over' },
      ...properties,
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const fileName = { type: 'string', pattern: '\\.yaml$' };
const removal = { type: 'null', description: 'removes what was inherited' };

function relaxed(node: object, path: readonly string[]): Json {
  const { expects, oneOf, anyOf, properties, additionalProperties, ...rest } = node as SchemaNode;
  const plain = Object.entries(rest).filter(([key]) => key !== 'required' && key !== '$schema');
  const result: Record<string, unknown> = Object.fromEntries(plain);
  if (expects !== undefined) result['markdownDescription'] = `expected ${expects}`;
  // Without required names several branches can fit, which oneOf would refuse.
  const branches = oneOf ?? anyOf;
  if (branches !== undefined) result['anyOf'] = branches.map((branch) => relaxed(branch, path));
  if (properties !== undefined) {
    const named = Object.entries(properties).map(([name, child]) => {
      return [name, relaxed(child, [...path, name])] as const;
    });
    result['properties'] = Object.fromEntries(named);
  }
  if (typeof additionalProperties === 'object') {
    const inner = relaxed(additionalProperties, [...path, '*']);
    result['additionalProperties'] = { anyOf: [inner, removal] };
  } else if (additionalProperties !== undefined) {
    result['additionalProperties'] = additionalProperties;
  }
  return isReference(path) ? { anyOf: [fileName, result] } : result;
}

function isReference(path: readonly string[]): boolean {
  return fileReferences.some((reference) => reference.join('.') === path.join('.'));
}
