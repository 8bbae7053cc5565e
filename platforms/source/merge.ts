import type { ConfigNode, MapEntry, MapNode } from './config-node.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Origin } from './origin.ts';

/**
 * Lays a file over the one it extends: maps merge name by name, everything else replaces, `~` removes an
 * inherited name.
 */
export function mergeMaps(base: MapNode, over: MapNode, diagnostics: Diagnostic[]): MapNode {
  const entries = new Map<string, MapEntry>(base.entries);
  for (const [key, entry] of over.entries) {
    if (isRemoval(entry.node)) {
      if (!entries.delete(key)) diagnostics.push(nothingToRemove(key, entry.keyOrigin));
      continue;
    }
    entries.set(key, mergeEntry(base.entries.get(key), entry, diagnostics));
  }
  return { kind: 'map', entries, origin: over.origin };
}

function mergeEntry(
  base: MapEntry | undefined,
  over: MapEntry,
  diagnostics: Diagnostic[],
): MapEntry {
  if (base?.node.kind !== 'map' || over.node.kind !== 'map' || over.node.isWhole === true)
    return over;
  return { keyOrigin: over.keyOrigin, node: mergeMaps(base.node, over.node, diagnostics) };
}

function isRemoval(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function nothingToRemove(key: string, origin: Origin): Diagnostic {
  return {
    code: 'E-CFG-012',
    message: `'${key}' has no value, and nothing inherited to remove`,
    origin,
    label: 'give a value, or delete the line',
  };
}
