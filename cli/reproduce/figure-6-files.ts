import type { StackMeasurement } from './measure-stacks.ts';
import { comparedRows } from './figure-6-report.ts';
import { operations, published, publishedFor } from './paper.ts';
import { rounded } from './rounded.ts';

/** The figure for programs: per operation and stack what was published, the window, the guest's view, and every step with its leaves. */
export function figureJson(measurements: readonly StackMeasurement[], iterations: number): string {
  const figure = {
    schema: 'dvlab-figure-6-1',
    iterations,
    stacks: measurements.map(({ stack, platform, timing }) => ({ stack, platform, timing })),
    operations: operations.map(({ name, title }) => ({
      name,
      title,
      stacks: measurements.map(({ stack, operations: measured }) => {
        const { total, parts } = published[name];
        const mean = measured.get(name);
        return {
          stack,
          paper: publishedFor(stack, total) ?? null,
          paperParts: Object.fromEntries(
            parts.flatMap(({ name: part, paper }) => {
              const number = publishedFor(stack, paper);
              return number === undefined ? [] : [[part, number]];
            }),
          ),
          windowed: rounded(mean?.windowed),
          guestVisible: rounded(mean?.guestVisible),
          steps: mean?.steps.map((step) => ({
            name: step.name,
            cycles: rounded(step.cycles),
            leaves: step.leaves.map((leaf) => ({ ...leaf, cycles: rounded(leaf.cycles) })),
          })),
        };
      }),
    })),
  };
  return `${JSON.stringify(figure, undefined, 2)}\n`;
}

/** The comparison as a tidy table; what was not measured is empty. */
export function figureCsv(measurements: readonly StackMeasurement[]): string {
  const rows = comparedRows(measurements).map(({ operation, stack, part, paper, ours }) => {
    const shown = ours === undefined ? '' : String(rounded(ours));
    return [operation, stack, `"${part}"`, String(paper ?? ''), shown].join(',');
  });
  return `${['operation,stack,part,paper,ours', ...rows].join('\n')}\n`;
}
