import { timingMechanisms } from '../../hw/timing/index.ts';
import { elaborate, loadPlatform } from '../../platforms/index.ts';
import { platformPath } from '../bundled.ts';
import { textTable } from '../text-table.ts';
import type { Subject } from './describe.ts';

/** Every figure of a run on a platform by its path in `stats.json`, and what can own a cycle. */
export function describeStats({ platform: given, set }: Subject): readonly string[] {
  const { statistics, platform } = elaborate(loadPlatform(platformPath(given), { set }));
  const rows = statistics.describe().map(({ path, unit, description }) => {
    return [path, unit, description];
  });
  const mechanisms = timingMechanisms.map(({ name, description }) => [name, description]);
  return [
    `figures of ${platform.name}`,
    ...textTable([['path', 'unit', 'meaning'], ...rows]),
    '',
    'mechanisms: the leaves of a cycle tree, below the mode',
    ...textTable(mechanisms),
  ];
}
