import type { FileOrigin, Origin } from './origin.ts';

/** What a YAML scalar can mean; integers beyond 2^53 stay exact. */
export type ScalarValue = string | number | bigint | boolean | null;

/** One value of a configuration, together with the place it came from. */
export type ConfigNode = ScalarNode | ListNode | MapNode;

/** A single value. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: ScalarValue;
  /** The value as it was written. */
  readonly text: string;
  readonly origin: Origin;
}

/** An ordered list of values. */
export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly ConfigNode[];
  readonly origin: Origin;
}

/** Named values, in the order they were written. */
export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly origin: Origin;
  /** A file of its own, which replaces what it is laid over instead of merging with it. */
  readonly isWhole?: boolean;
}

/** A value under its name. */
export interface MapEntry {
  readonly keyOrigin: Origin;
  readonly node: ConfigNode;
}

/** The plain value that schemas validate. */
export function plainValue(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  // A null prototype keeps keys such as `__proto__` ordinary.
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [key, entry] of node.entries) plain[key] = plainValue(entry.node);
  return plain;
}

/** Follows a path of names and indices; undefined where the configuration says nothing. */
export function entryAt(
  root: ConfigNode,
  path: readonly PropertyKey[],
): { readonly node: ConfigNode; readonly keyOrigin: Origin } | undefined {
  let found: { node: ConfigNode; keyOrigin: Origin } | undefined = {
    node: root,
    keyOrigin: root.origin,
  };
  for (const step of path) {
    if (found === undefined) return undefined;
    const node: ConfigNode = found.node;
    if (node.kind === 'map') found = node.entries.get(String(step));
    else if (node.kind === 'list') {
      const item = node.items[Number(step)];
      found = item === undefined ? undefined : { node: item, keyOrigin: item.origin };
    } else return undefined;
  }
  return found;
}

/** The scalar text at a path, for messages that repeat what the user wrote. */
export function writtenText(node: ConfigNode): string {
  if (node.kind === 'scalar') return node.text;
  return node.kind === 'list' ? 'a list' : 'a map';
}

/** Makes an origin inside one file. */
export function fileOrigin(file: FileOrigin['file'], start: number, end: number): FileOrigin {
  return { kind: 'file', file, start, end };
}
