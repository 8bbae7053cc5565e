import { ENTRY } from '../profile/functions-csv.ts';
import { figuresOf } from '../stats/figures.ts';
import { configurationDifferences, type ConfigurationDifference } from './configuration.ts';
import {
  byContribution,
  type Counted,
  countedBy,
  type CycleDifference,
  cycleDifferences,
  type Difference,
} from './differences.ts';
import { exitDifferences, type ExitDifference, stepDifferences } from './exit-differences.ts';
import type { CsvRow, RecordedRun } from './recorded-run.ts';

/** Two runs, and what makes the difference between them; each list the largest contribution first. */
export interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly configuration: readonly ConfigurationDifference[];
  /** Cycles of the machine and of every hart, and instructions. */
  readonly totals: readonly Difference[];
  /** Leaves of the harts' cycle trees; they sum to the difference of the harts' cycles. */
  readonly leaves: readonly CycleDifference[];
  readonly exits: readonly ExitDifference[];
  /** Steps of VM exits; and mechanisms, where both runs were traced. */
  readonly steps: readonly ExitDifference[];
  /** What functions spent themselves; null unless both runs were profiled. */
  readonly functions: readonly CycleDifference[] | null;
}

/** Finds out what makes the difference between two runs. */
export function compareRuns(a: RecordedRun, b: RecordedRun): Comparison {
  return {
    a: a.folder,
    b: b.folder,
    configuration: configurationDifferences(a.configuration, b.configuration),
    totals: figureDifferences(a, b, /^(machine|hart\.\d+)\.(cycles|instructions)$/),
    leaves: cycleDifferences(leavesOf(a), leavesOf(b)),
    exits: exitDifferences(a, b),
    steps: stepDifferences(a, b),
    functions: functionDifferences(a.functions, b.functions),
  };
}

/** All figures whose names match, with their differences. */
export function figureDifferences(
  a: RecordedRun,
  b: RecordedRun,
  pattern: RegExp,
): readonly Difference[] {
  const [one, other] = [a, b].map(({ stats }) => {
    return new Map(figuresOf(stats).map(({ name, value }) => [name, value]));
  });
  const names = new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])]);
  return [...names]
    .filter((name) => pattern.test(name))
    .map((name) => {
      const [before, after] = [one?.get(name) ?? 0, other?.get(name) ?? 0];
      return { name, a: before, b: after, difference: after - before };
    });
}

/** The leaves of all harts' trees, and how often each was booked if the run was profiled. */
function leavesOf({ stats, functions }: RecordedRun): Counted {
  const times = functions && countedBy(functions, leafRow);
  const pattern = /^(hart\.\d+)\.cycle-tree\.(\w+)\.([\w-]+)$/;
  return new Map(
    figuresOf(stats).flatMap(({ name, value }) => {
      const [, hart, mode, mechanism] = pattern.exec(name) ?? [];
      if (hart === undefined) return [];
      const leaf = `${hart} ${String(mode)} ${String(mechanism)}`;
      const known = times === undefined ? null : (times.get(leaf)?.times ?? 0);
      return [[leaf, { cycles: value, times: known }] as const];
    }),
  );
}

function leafRow({ hart, mode, mechanism, cycles, times }: CsvRow) {
  const name = `hart.${String(hart)} ${String(mode)} ${String(mechanism)}`;
  return { name, cycles: Number(cycles), times: Number(times) };
}

/** A function of one mode: its cycles, and how often it was entered. */
function functionDifferences(
  a: readonly CsvRow[] | undefined,
  b: readonly CsvRow[] | undefined,
): readonly CycleDifference[] | null {
  if (a === undefined || b === undefined) return null;
  const read = ({ mode, image, function: own, mechanism, cycles, times }: CsvRow) => ({
    name: `${String(mode)} ${String(image)} ${String(own)}`,
    cycles: Number(cycles),
    times: mechanism === ENTRY ? Number(times) : 0,
  });
  return cycleDifferences(countedBy(a, read), countedBy(b, read)).toSorted(byContribution);
}
