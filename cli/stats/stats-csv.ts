import type { Statistics } from '../../hw/kernel/index.ts';
import { type Figure, figuresOf } from './figures.ts';
import type { Stats } from './stats-file.ts';

/** Every figure of a run as one tidy table: a row per number. */
export function statsCsv(stats: Stats, statistics: Statistics): string {
  const units = statistics.describe();
  const unitOf = ({ name }: Figure): string => {
    if (name.endsWith('.count')) return 'exits';
    return units.find(({ path }) => name === path || name.startsWith(`${path}.`))?.unit ?? '';
  };
  const rows = figuresOf(stats).map((figure) => {
    return [figure.name, String(figure.value), unitOf(figure)].join(',');
  });
  return `${['name,value,unit', ...rows].join('\n')}\n`;
}
