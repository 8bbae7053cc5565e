import type { Figure } from './figures.ts';

/** What a figure has to reach on an idle machine of the kind that docs/bench.md names. */
export interface Bar {
  /** Name of the figure. */
  readonly figure: string;
  readonly comparison: '≥' | '≤';
  readonly limit: number;
  readonly unit: string;
}

const atLeast = (figure: string, limit: number, unit = 'MIPS'): Bar => {
  return { figure, comparison: '≥', limit, unit };
};
const atMost = (figure: string, limit: number, unit: string): Bar => {
  return { figure, comparison: '≤', limit, unit };
};

/** The bars; docs/bench.md has the same table, with what was measured. */
export const bars: readonly Bar[] = [
  atLeast('loop-mix/auto/none', 800),
  atLeast('loop-mix/auto/rocket', 450),
  atLeast('loop-mix/interpreter/rocket', 180),
  atLeast('cold-mix/auto/rocket', 90),
  atLeast('float-mix/auto/rocket', 200),
  atMost('hypervisor-trap/auto/rocket', 0.5, 'µs'),
  atMost('user-trap/auto/rocket', 0.5, 'µs'),
  atMost('pointer-chase/auto/rocket', 600, 'ns'),
  atLeast('harts-4/auto/rocket/harts-1', 0.75, 'ratio'),
  atMost('ticket-lock/quantum-exact', 3, 'ratio'),
  atMost('ticket-lock/quantum-1000', 3, 'ratio'),
  atMost('start/clock', 15, 's'),
  atMost('start/memory-above-ram', 200, 'MB'),
];

/** A line for each bar whose figure was measured: whether it was reached. */
export function barLines(figures: readonly Figure[]): string[] {
  return bars.flatMap(({ figure, comparison, limit, unit }) => {
    const measured = figures.find(({ name }) => name === figure);
    if (measured === undefined) return [];
    const { value } = measured;
    const isReached = comparison === '≥' ? value >= limit : value <= limit;
    const verdict = isReached ? 'reached' : 'missed';
    return [
      `${verdict}: ${figure} ${value.toPrecision(4)}, ${comparison} ${String(limit)} ${unit}`,
    ];
  });
}
