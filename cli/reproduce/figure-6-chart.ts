import { comparedRows, type ComparedRow } from './figure-6-report.ts';
import type { StackMeasurement } from './measure-stack.ts';
import { operations } from './paper.ts';

const barWidth = 46;
const gap = 14;
const groupGap = 46;
const plotHeight = 260;
const top = 60;
const left = 30;
const colours = ['#4472a8', '#d08c40', '#5d9b62', '#a65b7d'];

interface Bar {
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly cycles: number }[];
}

/** The figure as a drawing: for each operation and stack the published bar beside ours, in parts; each operation has a scale of its own. */
export function figureChart(measurements: readonly StackMeasurement[]): string {
  const rows = comparedRows(measurements);
  const shapes: string[] = [];
  let x = left;
  for (const { name, title } of operations) {
    const own = rows.filter(({ operation }) => operation === name);
    if (own.every(({ ours }) => ours === undefined)) continue;
    const bars = barsOf(own);
    const most = Math.max(...bars.map(({ parts }) => sumOf(parts)));
    shapes.push(text(x, top - 30, title, 'start', 14));
    const names = own.filter(({ part, stack }) => part !== 'total' && stack === own[0]?.stack);
    shapes.push(...legend(x, names));
    for (const bar of bars) {
      shapes.push(...drawn(bar, x, most));
      x += barWidth + gap;
    }
    x += groupGap;
  }
  const height = top + plotHeight + 120;
  const size = `width="${String(x)}" height="${String(height)}"`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif">`;
  return `${[head, '<rect width="100%" height="100%" fill="white"/>', ...shapes, '</svg>'].join('\n')}\n`;
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
      return { label: `${stack}, ${label}`, parts: shown };
    };
    const isPublished = parts.some(({ paper }) => paper !== undefined);
    const published = isPublished ? [bar('paper', ({ paper }) => paper)] : [];
    return [...published, bar('ours', ({ ours }) => ours)];
  });
}

function sumOf(parts: Bar['parts']): number {
  return parts.reduce((sum, { cycles }) => sum + cycles, 0);
}

function drawn({ label, parts }: Bar, x: number, most: number): readonly string[] {
  let y = top + plotHeight;
  const boxes = parts.map(({ cycles }, index) => {
    const height = (plotHeight * cycles) / most;
    y -= height;
    const place = `x="${String(x)}" y="${y.toFixed(2)}" width="${String(barWidth)}"`;
    return `<rect ${place} height="${height.toFixed(2)}" fill="${colours[index] ?? '#888'}"/>`;
  });
  const middle = x + barWidth / 2;
  const [stack = '', kind = ''] = label.split(', ');
  return [
    ...boxes,
    text(middle, y - 5, sumOf(parts).toFixed(0), 'middle', 11),
    text(middle, top + plotHeight + 15, stack, 'middle', 11),
    text(middle, top + plotHeight + 29, kind, 'middle', 11),
  ];
}

function legend(x: number, rows: readonly ComparedRow[]): readonly string[] {
  return rows.flatMap(({ part }, index) => {
    const y = top + plotHeight + 44 + 16 * index;
    const box = `<rect x="${String(x)}" y="${String(y)}" width="10" height="10" fill="${colours[index] ?? '#888'}"/>`;
    return [box, text(x + 15, y + 9, part, 'start', 11)];
  });
}

function text(x: number, y: number, words: string, anchor: string, size: number): string {
  const place = `x="${String(x)}" y="${y.toFixed(2)}" text-anchor="${anchor}" font-size="${String(size)}"`;
  return `<text ${place}>${words}</text>`;
}
