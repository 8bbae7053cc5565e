import { loadPlatform, timingValues, type TimingValue } from '../../platforms/index.ts';
import { platformPath } from '../bundled.ts';
import { textTable } from '../text-table.ts';
import type { Subject } from './describe.ts';

/** Every number of a platform's timing model: value, meaning, source, and the line that gave it. */
export function describeTiming({ platform: given, set }: Subject): readonly string[] {
  const platform = loadPlatform(platformPath(given), { set });
  const { timing, pipeline } = platform.harts;
  const head = ['parameter', 'value', 'unit', 'meaning', 'source', 'given at'];
  const sections = groupBy(timingValues(platform), ({ path }) => sectionOf(path));
  return [
    `timing model: ${timing.name} (pipeline: ${pipeline})`,
    ...(timing.memory === undefined ? ['no memory section: every access to RAM hits'] : []),
    ...[...sections].flatMap(([section, values]) => {
      return ['', section, ...textTable([head, ...values.map(row)], [1])];
    }),
  ];
}

/** The same for machines: the schema `dvlab-timing-1`. */
export function timingJson({ platform: given, set }: Subject): object {
  const platform = loadPlatform(platformPath(given), { set });
  const { timing, pipeline } = platform.harts;
  return {
    schema: 'dvlab-timing-1',
    platform: platform.name,
    timing: timing.name,
    summary: timing.summary,
    pipeline,
    backEnd: timing.memory?.backEnd.kind ?? null,
    parameters: timingValues(platform).map(({ source = null, ...value }) => ({ ...value, source })),
  };
}

function row({ path, value, unit, meaning, source, givenAt }: TimingValue): string[] {
  const name = path.slice(sectionOf(path).length + 1);
  return [name, String(value), unit, meaning, source ?? 'not stated', givenAt];
}

function sectionOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'));
}

function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
