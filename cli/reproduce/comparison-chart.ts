import { barChart } from './bar-chart.ts';
import type { ComparisonFigure, ComparisonRow } from './comparison.ts';

/** A comparison as a drawing: for each operation the bars of both sides, on a scale of its own. */
export function comparisonChart(
  { sides }: ComparisonFigure,
  rows: readonly ComparisonRow[],
): string {
  return barChart(
    rows.map(({ operation, first, second }) => ({
      title: operation.title,
      bars: [first, second].map((cycles, index) => ({
        labels: [sides[index]?.name ?? '', `${String(operation.vcpus)} vCPU`] as const,
        parts: [{ name: 'cycles', cycles }],
      })),
      legend: [],
    })),
  );
}
