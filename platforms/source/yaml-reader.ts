import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import { fileOrigin, type ConfigNode, type MapEntry } from './config-node.ts';
import type { Diagnostic } from './diagnostic.ts';
import { describeOrigin, type Origin, type SourceFile } from './origin.ts';
import { parseScalar } from './scalar.ts';

/** Finds every place of a text, so that values and mistakes can be traced back to it. */
type Locate = (range: readonly [number, number, ...number[]] | null | undefined) => Origin;

interface Reading {
  readonly locate: Locate;
  readonly diagnostics: Diagnostic[];
}

/** Reads one YAML 1.2 document into positioned nodes; mistakes are added to `diagnostics`. */
export function readYaml(file: SourceFile, diagnostics: Diagnostic[]): ConfigNode {
  const locate: Locate = (range) => fileOrigin(file, range?.[0] ?? 0, range?.[1] ?? 0);
  return readText(file.text, { locate, diagnostics });
}

/** Reads the value of a `--set` option, which has no file of its own. */
export function readYamlValue(text: string, origin: Origin, diagnostics: Diagnostic[]): ConfigNode {
  return readText(text, { locate: () => origin, diagnostics });
}

function readText(text: string, reading: Reading): ConfigNode {
  // The failsafe schema leaves scalars as text: numbers are read exactly by parseScalar.
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  for (const error of document.errors) {
    reading.diagnostics.push(syntaxError(error.message, reading.locate(error.pos)));
  }
  const root = document.contents;
  if (root === null) return { kind: 'map', entries: new Map(), origin: reading.locate([0, 0]) };
  return readNode(root, [], reading);
}

function readNode(node: ParsedNode, path: readonly string[], reading: Reading): ConfigNode {
  const origin = reading.locate(node.range);
  if (isAlias(node) || node.anchor !== undefined || node.tag !== undefined) {
    reading.diagnostics.push(
      forbiddenFeature(isAlias(node) || !node.tag ? 'alias' : 'tag', origin),
    );
  }
  if (isMap(node)) return { kind: 'map', entries: readEntries(node, path, reading), origin };
  if (isSeq(node)) {
    return { kind: 'list', items: node.items.map((item) => readNode(item, path, reading)), origin };
  }
  const text = isScalar(node) ? node.source : '';
  const value = isScalar(node) && node.type === 'PLAIN' ? parseScalar(text) : text;
  return { kind: 'scalar', value, text, origin };
}

function readEntries(
  map: YAMLMap.Parsed,
  path: readonly string[],
  reading: Reading,
): Map<string, MapEntry> {
  const entries = new Map<string, MapEntry>();
  for (const pair of map.items) {
    const keyOrigin = reading.locate(pair.key.range);
    if (!isScalar(pair.key)) {
      reading.diagnostics.push(syntaxError('A key must be a name', keyOrigin));
      continue;
    }
    const key = pair.key.source;
    const node: ConfigNode =
      pair.value === null
        ? { kind: 'scalar', value: null, text: '', origin: keyOrigin }
        : readNode(pair.value, [...path, key], reading);
    const earlier = entries.get(key);
    if (earlier === undefined) entries.set(key, { keyOrigin, node });
    else {
      const report = path.join('.') === 'wires' ? drivenTwice : duplicateKey;
      reading.diagnostics.push(report(key, keyOrigin, earlier.keyOrigin));
    }
  }
  return entries;
}

function syntaxError(message: string, origin: Origin): Diagnostic {
  const [first = message] = message.split('\n');
  return { code: 'E-CFG-001', message: `not valid YAML: ${first}`, origin };
}

function duplicateKey(key: string, origin: Origin, earlier: Origin): Diagnostic {
  return {
    code: 'E-CFG-002',
    message: `key '${key}' is given twice`,
    origin,
    label: 'the second value would silently win',
    notes: [`first given at ${describeOrigin(earlier)}`],
  };
}

/** Wires are keyed by the input they drive, so a key given twice is an input with two drivers. */
function drivenTwice(input: string, origin: Origin, earlier: Origin): Diagnostic {
  return {
    code: 'E-CFG-024',
    message: `input '${input}' is driven twice`,
    origin,
    label: 'an input has one driver',
    notes: [`first driven at ${describeOrigin(earlier)}`],
  };
}

function forbiddenFeature(feature: 'alias' | 'tag', origin: Origin): Diagnostic {
  const message =
    feature === 'tag'
      ? 'YAML tags are not allowed: a platform file holds data, no code'
      : 'YAML anchors and aliases are not allowed: every value says itself where it comes from';
  return { code: 'E-CFG-013', message, origin, label: 'write the value out, or use extends' };
}
