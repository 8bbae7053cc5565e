import type { ConfigNode, MapEntry, MapNode } from './config-node.ts';
import type { Diagnostic } from './diagnostic.ts';
import { suggestName } from './nearest-name.ts';
import type { SetOrigin } from './origin.ts';
import { readYamlValue } from './yaml-reader.ts';

/** Tells whether a name that no file gives may still be set at a path, because the schema has it. */
export type KnownNames = (path: readonly string[], root: MapNode) => readonly string[];

/** Applies one `--set key=value`; a key that the platform does not have is an error, never a new value. */
export function applyOverride(
  root: MapNode,
  assignment: string,
  knownNames: KnownNames,
  diagnostics: Diagnostic[],
): MapNode {
  const origin: SetOrigin = { kind: 'set', assignment };
  const equals = assignment.indexOf('=');
  if (equals <= 0) {
    diagnostics.push({
      code: 'E-CFG-011',
      message: `'${assignment}' does not have the form key=value`,
      origin,
    });
    return root;
  }
  const value = readYamlValue(assignment.slice(equals + 1), origin, diagnostics);
  const segments = assignment.slice(0, equals).split('.');
  const setting = { root, origin, value, knownNames, diagnostics };
  return setInside(root, [], segments, setting);
}

interface Setting {
  readonly root: MapNode;
  readonly origin: SetOrigin;
  readonly value: ConfigNode;
  readonly knownNames: KnownNames;
  readonly diagnostics: Diagnostic[];
}

function setInside(
  map: MapNode,
  path: readonly string[],
  segments: readonly string[],
  setting: Setting,
): MapNode {
  const { knownNames, origin } = setting;
  const valid = [...new Set([...map.entries.keys(), ...knownNames(path, setting.root)])];
  // Names may hold dots themselves (wires do), so the shortest name that exists is taken.
  const length = segments.findIndex((_, end) =>
    valid.includes(segments.slice(0, end + 1).join('.')),
  );
  if (length === -1) {
    setting.diagnostics.push(missingKey(path, segments, valid, origin));
    return map;
  }
  const key = segments.slice(0, length + 1).join('.');
  const rest = segments.slice(length + 1);
  const node = nextNode(map.entries.get(key)?.node, [...path, key], rest, setting);
  const entries = new Map<string, MapEntry>(map.entries);
  if (node !== undefined) entries.set(key, { keyOrigin: origin, node });
  return { ...map, entries };
}

function nextNode(
  current: ConfigNode | undefined,
  path: readonly string[],
  rest: readonly string[],
  setting: Setting,
): ConfigNode | undefined {
  if (rest.length === 0) return setting.value;
  const empty: MapNode = { kind: 'map', entries: new Map(), origin: setting.origin };
  if (current !== undefined && current.kind !== 'map') {
    setting.diagnostics.push(missingKey(path, rest, [], setting.origin));
    return current;
  }
  return setInside(current ?? empty, path, rest, setting);
}

function missingKey(
  path: readonly string[],
  segments: readonly string[],
  valid: readonly string[],
  origin: SetOrigin,
): Diagnostic {
  const where = path.length === 0 ? 'the platform' : `'${path.join('.')}'`;
  const [name = ''] = segments;
  return {
    code: 'E-CFG-011',
    message: `--set names '${segments.join('.')}', which ${where} does not have`,
    origin,
    label: suggestName(valid.includes(segments.join('.')) ? segments.join('.') : name, valid),
    help: 'dvlab check PLATFORM --resolved',
  };
}
