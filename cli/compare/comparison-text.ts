import { groupDigits, textTable } from '../text-table.ts';
import type { Comparison } from './comparison.ts';
import type { CycleDifference, Difference } from './differences.ts';
import type { ExitDifference } from './exit-differences.ts';

/** A comparison for people, each table cut at so many rows. */
export function comparisonText(comparison: Comparison, top: number): readonly string[] {
  const { a, b, configuration, totals, leaves, exits, steps, functions } = comparison;
  const changed = configuration.map(({ path, a: before, b: after }) => {
    return `  ${path}: ${before ?? 'absent'} -> ${after ?? 'absent'}`;
  });
  const isSame = [totals, leaves, exits].every((list) =>
    list.every(({ difference }) => difference === 0),
  );
  return [
    `A: ${a}`,
    `B: ${b}`,
    ...(changed.length === 0 ? [] : ['', 'what was changed', ...changed]),
    '',
    ...textTable([['figure', 'A', 'B', 'B - A', ''], ...totals.map(totalRow)], [1, 2, 3, 4]),
    ...(isSame ? ['', 'no difference in any cycle'] : []),
    ...section('leaves of the cycle trees that make the difference', leaves, {
      ...{ top, row: cycleRow, right: [1, 2, 3, 4, 5] },
      head: ['leaf', 'A', 'B', 'B - A', 'times A', 'times B'],
    }),
    ...section('VM exits: cycles of all of a kind', exits, exitTable(top)),
    ...section('VM exits: where in them', steps, exitTable(top)),
    ...section('functions: cycles of their own', functions ?? [], {
      ...{ top, row: cycleRow, right: [1, 2, 3, 4, 5] },
      head: ['function', 'A', 'B', 'B - A', 'entries A', 'entries B'],
    }),
    ...hints(comparison),
  ];
}

interface Table<Item> {
  readonly head: readonly string[];
  readonly row: (item: Item) => readonly string[];
  readonly right: readonly number[];
  readonly top: number;
}

function section<Item extends Difference>(
  title: string,
  items: readonly Item[],
  { head, row, right, top }: Table<Item>,
): readonly string[] {
  if (items.length === 0) return [];
  const rest = items.slice(top);
  const more = rest.reduce((sum, { difference }) => sum + difference, 0);
  const others =
    rest.length === 0 ? [] : [`… ${String(rest.length)} more, together ${signed(more)}`];
  return ['', title, ...textTable([head, ...items.slice(0, top).map(row)], right), ...others];
}

function exitTable(top: number): Table<ExitDifference> {
  return {
    top,
    head: ['VM exit', 'B - A', 'count A', 'count B', 'mean A', 'mean B', 'by count', 'by cost'],
    right: [1, 2, 3, 4, 5, 6, 7],
    row: ({ name, difference, countA, countB, meanA, meanB, byCount, byCost }) => [
      name,
      signed(difference),
      groupDigits(countA),
      groupDigits(countB),
      meanA.toFixed(1),
      meanB.toFixed(1),
      signed(Math.round(byCount)),
      signed(Math.round(byCost)),
    ],
  };
}

function totalRow({ name, a, b, difference }: Difference): readonly string[] {
  const share =
    a === 0 ? '' : `${difference < 0 ? '' : '+'}${((100 * difference) / a).toFixed(2)} %`;
  return [name, groupDigits(a), groupDigits(b), signed(difference), share];
}

function cycleRow({ name, a, b, difference, timesA, timesB }: CycleDifference): readonly string[] {
  const times = [timesA, timesB].map((count) => (count === null ? '' : groupDigits(count)));
  return [name, groupDigits(a), groupDigits(b), signed(difference), ...times];
}

function hints({ leaves, functions, steps }: Comparison): readonly string[] {
  if (leaves.length === 0 || functions !== null) return [];
  const trace = steps.length === 0 ? '' : ' --trace exits';
  return [
    '',
    `hint: with --profile folded${trace} on both runs, this also says how often, and in which functions`,
  ];
}

function signed(value: number): string {
  return `${value > 0 ? '+' : value < 0 ? '-' : ''}${groupDigits(Math.abs(value))}`;
}
