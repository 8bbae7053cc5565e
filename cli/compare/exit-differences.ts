import { exitSteps } from '../../hw/hart/index.ts';
import { figuresOf } from '../stats/figures.ts';
import type { CsvRow, RecordedRun } from './recorded-run.ts';
import { byContribution, type Difference } from './differences.ts';

/** What the VM exits of one kind, or one step or mechanism of them, contribute to the difference of two runs. */
export interface ExitDifference extends Difference {
  readonly countA: number;
  readonly countB: number;
  /** Cycles of one exit, on the average. */
  readonly meanA: number;
  readonly meanB: number;
  /** The part of the difference that comes of more or fewer exits, and that of dearer or cheaper ones. */
  readonly byCount: number;
  readonly byCost: number;
}

interface Exits {
  readonly count: number;
  readonly cycles: number;
}

/** Every kind of VM exit that does not cost both runs the same. */
export function exitDifferences(a: RecordedRun, b: RecordedRun): readonly ExitDifference[] {
  return differences(kindsOf(a, ['total']), kindsOf(b, ['total']));
}

/** The steps that make the difference; their mechanisms where both runs were traced. */
export function stepDifferences(a: RecordedRun, b: RecordedRun): readonly ExitDifference[] {
  if (a.exitCycles !== undefined && b.exitCycles !== undefined)
    return differences(leavesOf(a.exitCycles), leavesOf(b.exitCycles));
  return differences(kindsOf(a, exitSteps), kindsOf(b, exitSteps));
}

function differences(
  a: ReadonlyMap<string, Exits>,
  b: ReadonlyMap<string, Exits>,
): readonly ExitDifference[] {
  const none = { count: 0, cycles: 0 };
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((name) => difference(name, a.get(name) ?? none, b.get(name) ?? none))
    .filter((each) => each.difference !== 0 || each.countA !== each.countB)
    .toSorted(byContribution);
}

function difference(name: string, a: Exits, b: Exits): ExitDifference {
  const [meanA, meanB] = [a, b].map(({ count, cycles }) => (count === 0 ? 0 : cycles / count));
  const [oldMean = 0, newMean = 0] = [meanA, meanB];
  // Where one run has none, all of it is a matter of how many there are.
  const price = a.count === 0 ? newMean : oldMean;
  const byCount = (b.count - a.count) * price;
  return {
    ...{ name, a: a.cycles, b: b.cycles, difference: b.cycles - a.cycles },
    ...{ countA: a.count, countB: b.count, meanA: oldMean, meanB: newMean },
    byCount,
    byCost: b.cycles - a.cycles - byCount,
  };
}

/** Exits of all harts by handler and cause, and by parts of them. */
function kindsOf({ stats }: RecordedRun, parts: readonly string[]): ReadonlyMap<string, Exits> {
  const counts = new Map<string, number>();
  const sums = new Map<string, Exits>();
  const pattern = /^(hart\.\d+\.exits\.(\w+)\.(\w+))\.(?:steps\.)?(\w+)\.(count|mean)$/;
  for (const { name, value } of figuresOf(stats)) {
    const [, , handler, cause, part = '', what] = pattern.exec(name) ?? [];
    if (!parts.includes(part)) continue;
    const place = name.replace(/\.(count|mean)$/, '');
    if (what === 'count') {
      counts.set(place, value);
      continue;
    }
    const count = counts.get(place) ?? 0;
    const label =
      part === 'total' ? kindName(handler, cause) : `${kindName(handler, cause)} ${part}`;
    const sum = sums.get(label) ?? { count: 0, cycles: 0 };
    // A mean is a sum of whole cycles, divided.
    const cycles = sum.cycles + Math.round(value * count);
    sums.set(label, { count: sum.count + count, cycles });
  }
  return sums;
}

function leavesOf(rows: readonly CsvRow[]): ReadonlyMap<string, Exits> {
  return new Map(
    rows.map(({ handler, cause, exits, step, mode, mechanism, cycles }) => {
      const leaf = mode === handler ? mechanism : `${String(mode)}:${String(mechanism)}`;
      const name = `${kindName(handler, cause)} ${String(step)} ${String(leaf)}`;
      return [name, { count: Number(exits), cycles: Number(cycles) }];
    }),
  );
}

function kindName(handler = '', cause = ''): string {
  return `${cause} -> ${handler}`;
}
