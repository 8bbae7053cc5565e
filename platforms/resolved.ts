import { dirname, relative } from 'node:path';
import { stringify } from 'yaml';
import { entryAt, type MapNode } from './source/config-node.ts';
import { lineAndColumn, type Origin } from './source/origin.ts';

/** One value of a resolved platform. */
export interface ResolvedValue {
  readonly path: readonly string[];
  /** The value as it was written, or as the default has it. */
  readonly text: string;
  /** Undefined for a default. */
  readonly origin: Origin | undefined;
  /** Where a value that no one wrote comes from. */
  readonly fallback: string;
}

/** Lists every value of a validated platform, defaults included, in the order of the schema. */
export function resolveValues(data: object, root: MapNode): readonly ResolvedValue[] {
  return valuesBelow(data, [], root).map((value) => ({
    ...value,
    fallback: fallback(value.path, root),
  }));
}

function fallback(path: readonly string[], root: MapNode): string {
  const isKnob = path[0] === 'harts' && path[1] === 'dvExt' && path[2] !== 'profile';
  if (!isKnob) return 'default';
  const profile = entryAt(root, ['harts', 'dvExt', 'profile'])?.node;
  return `profile ${profile?.kind === 'scalar' ? profile.text : 'paper'}`;
}

function valuesBelow(
  value: unknown,
  path: readonly string[],
  root: MapNode,
): Omit<ResolvedValue, 'fallback'>[] {
  const node = path.length === 0 ? root : entryAt(root, path)?.node;
  if (node?.kind === 'scalar') return [{ path, text: yamlText(node.value), origin: node.origin }];
  if (typeof value !== 'object' || value === null) {
    return [{ path, text: yamlText(value), origin: node?.origin }];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    inner === undefined ? [] : valuesBelow(inner, [...path, name], root),
  );
}

function yamlText(value: unknown): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** Writes a resolved platform as YAML in which every line says where its value comes from. */
export function resolvedText(platform: {
  readonly path: string;
  readonly values: readonly ResolvedValue[];
}): string {
  const lines: string[] = [];
  let open: readonly string[] = [];
  for (const { path, text, origin, fallback: unwritten } of platform.values) {
    const sections = path.slice(0, -1);
    sections.forEach((name, depth) => {
      const isOpen = sections.slice(0, depth + 1).every((part, index) => open[index] === part);
      if (!isOpen) lines.push(`${'  '.repeat(depth)}${name}:`);
    });
    open = sections;
    const line = `${'  '.repeat(sections.length)}${path.at(-1) ?? ''}: ${text}`;
    lines.push(`${line} # ${origin === undefined ? unwritten : originText(origin, platform.path)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Names a place relative to the platform's folder, so that the text does not depend on where that folder is. */
function originText(origin: Origin, platformPath: string): string {
  if (origin.kind === 'set') return `--set ${origin.assignment}`;
  const { line } = lineAndColumn(origin.file.text, origin.start);
  return `${relative(dirname(platformPath), origin.file.name)}:${String(line)}`;
}
