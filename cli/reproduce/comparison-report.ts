import { groupDigits, textTable } from '../text-table.ts';
import { rounded } from './rounded.ts';
import type { ComparisonFigure, ComparisonRow } from './comparison.ts';
import { difference } from './figure-6-report.ts';
import type { GuestMeasurement } from './measure-guest.ts';

/** A comparison as text: the cycles of both sides, what the second takes more, and what was published. */
export function comparisonText(
  figure: ComparisonFigure,
  size: number,
  rows: readonly ComparisonRow[],
): string {
  const [first, second] = figure.sides;
  const hasCycles = figure.operations.some(({ paperCycles }) => paperCycles !== undefined);
  const published = hasCycles ? ['paper', 'difference'] : [];
  const head = ['', 'vCPUs', first.name, ...published, second.name, 'more', 'paper'];
  const body = rows.map(({ operation, first: one, second: other, percent }) => {
    const { title, vcpus, paperCycles, paperPercent } = operation;
    const cycles = paperCycles === undefined ? '' : String(paperCycles);
    const beside = hasCycles ? [cycles, difference(paperCycles, one)] : [];
    const paper = paperPercent === undefined ? '' : signed(paperPercent);
    return [title, String(vcpus), shown(one), ...beside, shown(other), signed(percent), paper];
  });
  const columns = head.map((_, column) => column).slice(1);
  const of = `cycles of ${figure.unit}, ${groupDigits(size)} ${figure.sizeUnit}`;
  return [figure.title, of, '', ...textTable([head, ...body], columns), ''].join('\n');
}

function shown(cycles: number): string {
  return cycles >= 10_000 ? groupDigits(Math.round(cycles)) : cycles.toFixed(1);
}

function signed(percent: number): string {
  const text = percent.toFixed(3);
  return `${text.startsWith('-') ? '' : '+'}${text} %`;
}

/** The same for programs, with the steps and leaves of each side. */
export function comparisonJson(
  figure: ComparisonFigure,
  size: number,
  rows: readonly ComparisonRow[],
  machines: readonly GuestMeasurement[],
): string {
  const comparison = {
    schema: 'dvlab-comparison-1',
    figure: figure.name,
    size,
    unit: figure.unit,
    sides: figure.sides.map(({ name, stack, set }, index) => {
      const { platform, timing } = machines[index] ?? {};
      return { name, stack, set, platform, timing };
    }),
    operations: rows.map(({ operation, first, second, percent }) => ({
      ...{ name: operation.name, title: operation.title, vcpus: operation.vcpus },
      ...{ paperCycles: operation.paperCycles ?? null },
      ...{ paperPercent: rounded(operation.paperPercent) },
      ...{ first: rounded(first), second: rounded(second), percent: rounded(percent) },
    })),
  };
  return `${JSON.stringify(comparison, undefined, 2)}\n`;
}

/** The same as a tidy table. */
export function comparisonCsv(rows: readonly ComparisonRow[]): string {
  const lines = rows.map(({ operation, first, second, percent }) => {
    const { name, vcpus, paperCycles, paperPercent } = operation;
    const numbers = [paperCycles, first, second, paperPercent, percent].map((value) =>
      value === undefined ? '' : String(rounded(value)),
    );
    return [name, String(vcpus), ...numbers].join(',');
  });
  const head = 'operation,vcpus,paper_cycles,first,second,paper_percent,percent';
  return `${[head, ...lines].join('\n')}\n`;
}
