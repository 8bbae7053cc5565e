import { barChart, type Bar, type BarGroup } from './bar-chart.ts';
import { comparedRows, type ComparedRow } from './figure-6-report.ts';
import type { StackMeasurement } from './measure-stacks.ts';
import { operations } from './paper.ts';

/** The figure as a drawing: for each operation and stack the published bar beside ours, in parts; each operation has a scale of its own. */
export function figureChart(measurements: readonly StackMeasurement[]): string {
  const rows = comparedRows(measurements);
  const groups = operations.flatMap(({ name, title }): readonly BarGroup[] => {
    const own = rows.filter(({ operation }) => operation === name);
    if (own.every(({ ours }) => ours === undefined)) return [];
    const names = own.filter(({ part, stack }) => part !== 'total' && stack === own[0]?.stack);
    return [{ title, bars: barsOf(own), legend: names.map(({ part }) => part) }];
  });
  return barChart(groups);
}

function barsOf(rows: readonly ComparedRow[]): readonly Bar[] {
  const stacks = [...new Set(rows.map(({ stack }) => stack))];
  return stacks.flatMap((stack) => {
    const own = rows.filter((row) => row.stack === stack && row.ours !== undefined);
    const slices = own.filter(({ part }) => part !== 'total');
    const parts = slices.length > 0 ? slices : own;
    if (parts.length === 0) return [];
    const bar = (label: string, height: (row: ComparedRow) => number | undefined): Bar => {
      const shown = parts.map((row) => ({ name: row.part, cycles: height(row) ?? 0 }));
      return { labels: [stack, label], parts: shown };
    };
    const isPublished = parts.some(({ paper }) => paper !== undefined);
    const published = isPublished ? [bar('paper', ({ paper }) => paper)] : [];
    return [...published, bar('ours', ({ ours }) => ours)];
  });
}
