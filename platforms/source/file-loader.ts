import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { entryAt, type ConfigNode, type MapEntry, type MapNode } from './config-node.ts';
import type { Diagnostic } from './diagnostic.ts';
import { mergeMaps } from './merge.ts';
import { describeOrigin, type Origin, type SourceFile } from './origin.ts';
import { readYaml } from './yaml-reader.ts';

/** Gives the text of a file; throws when there is none. */
export type ReadText = (path: string) => string;

/** Reads text from the disk. */
export const readFromDisk: ReadText = (path) => readFileSync(path, 'utf8');

/** What loading needs besides a path. */
export interface Loading {
  readonly readText: ReadText;
  readonly diagnostics: Diagnostic[];
  /** Paths (of names) whose text value names another file, which then takes the value's place. */
  readonly references: readonly (readonly string[])[];
}

/** Loads a file, the files it extends and the files it refers to, as one tree. */
export function loadTree(path: string, loading: Loading): MapNode | undefined {
  return loadFile(path, undefined, [], loading);
}

/** Puts files in the place of their names in a tree, where somebody has set names since it was loaded from a path. */
export function expandReferences(tree: MapNode, path: string, loading: Loading): MapNode {
  const opened = { path, chain: [path], loading };
  return loading.references.reduce(
    (expanded, reference) => expandReference(expanded, reference, opened),
    tree,
  );
}

function loadFile(
  path: string,
  namedBy: Origin | undefined,
  opening: readonly string[],
  loading: Loading,
): MapNode | undefined {
  if (opening.includes(path)) {
    loading.diagnostics.push(cyclicExtends([...opening, path], namedBy));
    return undefined;
  }
  const text = readOrReport(path, namedBy, loading);
  if (text === undefined) return undefined;
  const file: SourceFile =
    namedBy?.kind === 'file' ? { name: path, text, includedBy: namedBy } : { name: path, text };
  const root = readYaml(file, loading.diagnostics);
  if (root.kind !== 'map') {
    loading.diagnostics.push(notAMap(root.origin));
    return undefined;
  }
  const chain = [...opening, path];
  const own = loading.references.reduce(
    (tree, reference) => expandReference(tree, reference, { path, chain, loading }),
    withoutName(root, 'extends'),
  );
  const base = baseOf(root, { path, chain, loading });
  return base === undefined ? own : mergeMaps(base, own, loading.diagnostics);
}

interface Opened {
  readonly path: string;
  readonly chain: readonly string[];
  readonly loading: Loading;
}

function baseOf(root: MapNode, opened: Opened): MapNode | undefined {
  const entry = root.entries.get('extends');
  if (entry === undefined) return undefined;
  const { node } = entry;
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.origin.kind !== 'file') {
    opened.loading.diagnostics.push({
      code: 'E-CFG-004',
      message: "wrong value for 'extends'",
      origin: node.origin,
      label: 'expected the name of another file, relative to this one',
    });
    return undefined;
  }
  return loadFile(besides(opened, node.value), node.origin, opened.chain, opened.loading);
}

/** The path of a file that an opened one names: relative to it, unless it is absolute. */
const besides = (opened: Opened, name: string): string =>
  isAbsolute(name) ? name : join(dirname(opened.path), name);

function expandReference(tree: MapNode, reference: readonly string[], opened: Opened): MapNode {
  const node = entryAt(tree, reference)?.node;
  if (node?.kind !== 'scalar') return tree;
  if (typeof node.value !== 'string' || !node.value.endsWith('.yaml')) return tree;
  const path = besides(opened, node.value);
  const target = loadFile(path, node.origin, opened.chain, opened.loading);
  if (target === undefined) return withoutPath(tree, reference);
  return replaceAt(tree, reference, { ...target, isWhole: true });
}

/** A tree that lacks what could not be read, so that its place is not called wrong besides. */
function withoutPath(tree: MapNode, path: readonly string[]): MapNode {
  const name = path.at(-1) ?? '';
  const owner = path.length > 1 ? entryAt(tree, path.slice(0, -1))?.node : tree;
  if (owner?.kind !== 'map') return tree;
  const smaller = withoutName(owner, name);
  return path.length > 1 ? replaceAt(tree, path.slice(0, -1), smaller) : smaller;
}

/** A tree with another value at a path where it has one. */
export function replaceAt(tree: MapNode, path: readonly string[], node: ConfigNode): MapNode {
  const [name = '', ...rest] = path;
  const entry = tree.entries.get(name);
  if (entry === undefined) return tree;
  const replaced =
    rest.length > 0 && entry.node.kind === 'map' ? replaceAt(entry.node, rest, node) : node;
  const entries = new Map<string, MapEntry>(tree.entries);
  entries.set(name, { keyOrigin: entry.keyOrigin, node: replaced });
  return { ...tree, entries };
}

function withoutName(map: MapNode, name: string): MapNode {
  const entries = new Map(map.entries);
  entries.delete(name);
  return { ...map, entries };
}

function readOrReport(
  path: string,
  namedBy: Origin | undefined,
  loading: Loading,
): string | undefined {
  try {
    return loading.readText(path);
  } catch {
    loading.diagnostics.push({
      code: namedBy === undefined ? 'E-IMG-001' : 'E-CFG-009',
      message: `cannot read '${path}'`,
      origin: namedBy,
      label:
        namedBy &&
        `no such file, relative to ${namedBy.kind === 'file' ? 'the file that names it' : "the platform's"}`,
    });
    return undefined;
  }
}

function cyclicExtends(chain: readonly string[], origin: Origin | undefined): Diagnostic {
  const last = chain.at(-1) ?? '';
  return {
    code: 'E-CFG-010',
    message: `'${last}' extends itself`,
    origin,
    label: 'this closes the circle',
    notes: [chain.slice(chain.indexOf(last)).join(' → ')],
  };
}

function notAMap(origin: Origin): Diagnostic {
  return {
    code: 'E-CFG-004',
    message: `${describeOrigin(origin)} holds no names`,
    origin,
    label: 'expected a map of names and values',
  };
}
