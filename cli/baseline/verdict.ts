import { isDeepStrictEqual } from 'node:util';
import { compareRuns, figureDifferences, type Comparison } from '../compare/comparison.ts';
import type { Difference } from '../compare/differences.ts';
import type { Baseline } from './baseline-folder.ts';
import type { CountedRun } from './counted-run.ts';

/** What differs from what was recorded. */
export interface Movement {
  readonly comparison: Comparison;
  /** Figures outside the cycle trees: counts of caches, of devices, of predictors. */
  readonly figures: readonly Difference[];
  /** Lines that the guest printed before, and prints now. */
  readonly before: readonly string[];
  readonly now: readonly string[];
}

/** How a run stands to its baseline. A machine that was described otherwise is no regression of the same machine. */
export type Verdict =
  | { readonly kind: 'same'; readonly cycles: number }
  | { readonly kind: 'improved'; readonly fewer: number }
  | { readonly kind: 'moved' | 'reconfigured'; readonly movement: Movement }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly text: string };

const inTheTables = /\.(cycles|instructions)$|\.cycle-tree\.|\.exits\./;

/** Compares a run with what was recorded of it. */
export function judge(baseline: Baseline | undefined, run: CountedRun): Verdict {
  if (run.failure !== undefined) return { kind: 'failed', text: run.failure };
  if (baseline === undefined) return { kind: 'absent' };
  if (baseline.console === run.console && isDeepStrictEqual(baseline.stats, run.stats)) {
    return { kind: 'same', cycles: cyclesOf(run) };
  }
  const comparison = compareRuns(baseline, run);
  const [before, now] = [baseline.console, run.console].map((text) => text.split('\n'));
  const figures = figureDifferences(baseline, run, /./).filter(({ name, difference }) => {
    return difference !== 0 && !inTheTables.test(name);
  });
  const movement = {
    comparison,
    figures,
    before: (before ?? []).filter((line) => now?.includes(line) !== true),
    now: (now ?? []).filter((line) => before?.includes(line) !== true),
  };
  return { kind: comparison.configuration.length > 0 ? 'reconfigured' : 'moved', movement };
}

/** Lets a run of the same machine pass that takes fewer cycles in all than were recorded, whatever else has moved. */
export function allowImprovement(verdict: Verdict): Verdict {
  if (verdict.kind !== 'moved') return verdict;
  const total = verdict.movement.comparison.totals.find(({ name }) => name === 'machine.cycles');
  if (total === undefined || total.difference >= 0) return verdict;
  return { kind: 'improved', fewer: -total.difference };
}

function cyclesOf(run: CountedRun): number {
  const [total] = figureDifferences(run, run, /^machine\.cycles$/);
  return total?.a ?? 0;
}
