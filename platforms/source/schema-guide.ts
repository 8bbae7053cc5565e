import { z } from 'zod';

/** The part of JSON Schema that names, ranges and expectations are read from. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly const?: string | number | boolean;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly expects?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
}

/** The JSON Schema of what a user may write; `expects` annotations are still in it. */
export function inputSchema(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as SchemaNode;
}

/**
 * Follows a path of names to the schema that rules there. `value` is what the user wrote at the root: where a
 * schema is a union, its `kind` chooses the branch.
 */
export function schemaAt(
  schema: SchemaNode,
  path: readonly PropertyKey[],
  value: unknown,
): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema;
  let current = value;
  for (const step of path) {
    node = childSchema(chosenBranch(node, current), step);
    current = (current as Record<PropertyKey, unknown> | null | undefined)?.[step];
  }
  // Where a schema says itself what it expects, that says more than the branch that was chosen.
  return node?.expects === undefined ? chosenBranch(node, current) : node;
}

function childSchema(node: SchemaNode | undefined, step: PropertyKey): SchemaNode | undefined {
  if (typeof step === 'number') return node?.items;
  const named = node?.properties?.[String(step)];
  if (named !== undefined) return named;
  return typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined;
}

function chosenBranch(node: SchemaNode | undefined, value: unknown): SchemaNode | undefined {
  const branches = node?.oneOf ?? node?.anyOf;
  if (branches === undefined) return node;
  const kind = (value as { kind?: unknown } | null | undefined)?.kind;
  const byKind = branches.find((branch) => {
    return kind !== undefined && branch.properties?.['kind']?.const === kind;
  });
  if (byKind !== undefined) return byKind;
  const isObject = typeof value === 'object' && value !== null;
  const objects = branches.filter(({ type }) => type === 'object');
  return isObject && kind === undefined && objects.length === 1 ? objects[0] : node;
}

/** The names that may be written in a map. */
export function namesOf(node: SchemaNode | undefined): readonly string[] {
  return Object.keys(node?.properties ?? {});
}

/** The kinds among which a union is chosen by `kind`; none for anything else. */
export function kindsOf(node: SchemaNode | undefined): readonly string[] {
  const kinds = (node?.oneOf ?? []).map((branch) => branch.properties?.['kind']?.const);
  return kinds.filter((kind) => typeof kind === 'string');
}

/** Says in words what a value must be: `an integer 1..8 (default 2)`. */
export function expectation(node: SchemaNode | undefined): string {
  if (node === undefined) return 'nothing';
  const isPlain = node.default === undefined || node.default === '';
  const suffix = isPlain ? '' : ` (default ${JSON.stringify(node.default).replaceAll('"', '')})`;
  return `${bareExpectation(node)}${suffix}`;
}

function bareExpectation(node: SchemaNode): string {
  if (node.expects !== undefined) return node.expects;
  if (node.const !== undefined) return String(node.const);
  if (node.enum !== undefined) return `one of ${node.enum.join(', ')}`;
  if (node.type === 'integer' || node.type === 'number') return `an integer${range(node)}`;
  if (node.type === 'boolean') return 'true or false';
  if (node.type === 'array') return `a list of ${bareExpectation(node.items ?? {})}`;
  if (node.type === 'object') return 'a map of names and values';
  const branches = node.anyOf ?? node.oneOf;
  if (branches !== undefined) return [...new Set(branches.map(bareExpectation))].join(', or ');
  return node.type === undefined ? 'a value' : 'a text';
}

function range({ minimum, maximum }: SchemaNode): string {
  const low = minimum ?? Number.MIN_SAFE_INTEGER;
  const high = maximum ?? Number.MAX_SAFE_INTEGER;
  const isLow = low > Number.MIN_SAFE_INTEGER;
  const isHigh = high < Number.MAX_SAFE_INTEGER;
  if (isLow && isHigh) return ` ${String(low)}..${String(high)}`;
  if (isLow) return low === 0 ? ' of 0 or more' : ` of at least ${String(low)}`;
  return isHigh ? ` of at most ${String(high)}` : '';
}
