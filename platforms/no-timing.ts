import { leastTiming } from '../hw/timing/index.ts';
import { entryAt, type ConfigNode, type MapEntry, type MapNode } from './source/config-node.ts';
import { replaceAt } from './source/file-loader.ts';
import type { Origin } from './source/origin.ts';

const place = ['harts', 'timing'];

/** What a platform says in place of a timing file to count instructions only. */
export const NO_TIMING = 'none';

/** A configuration in which `timing: none` is spelled out: every parameter at the least value that it can have. */
export function spellOutNoTiming(root: MapNode): MapNode {
  const node = entryAt(root, place)?.node;
  if (node?.kind !== 'scalar' || node.value !== NO_TIMING) return root;
  const { origin } = node;
  const parameters = mapOf(
    Object.entries(leastTiming).map(([name, value]) => [name, scalar(value, origin)]),
    origin,
  );
  const timing = mapOf(
    [
      ['name', scalar(NO_TIMING, origin)],
      ['summary', scalar('One cycle per instruction, and per trap.', origin)],
      ['parameters', parameters],
    ],
    origin,
  );
  return replaceAt(root, place, timing);
}

function scalar(value: string | number, origin: Origin): ConfigNode {
  return { kind: 'scalar', value, text: String(value), origin };
}

function mapOf(entries: readonly (readonly [string, ConfigNode])[], origin: Origin): MapNode {
  const named = entries.map(([name, node]): [string, MapEntry] => [
    name,
    { keyOrigin: origin, node },
  ]);
  return { kind: 'map', entries: new Map(named), origin };
}
