import { exitSteps, type ExitSummary, type Spread } from '../../hw/hart/index.ts';
import { groupDigits, textTable } from '../text-table.ts';

/** VM exits of all harts by handler and cause: count, cycles that the guest loses, and cycles of each step. */
export function exitTable(summaries: readonly ExitSummary[]): readonly string[] {
  const rows = mergeSummaries(summaries);
  const head = ['VM exit', 'to', 'count', 'min', 'mean', 'max', ...exitSteps];
  const body = rows.map(({ handler, cause, total, steps }) => [
    cause,
    handler,
    groupDigits(total.count),
    groupDigits(total.min),
    total.mean.toFixed(1),
    groupDigits(total.max),
    ...exitSteps.map((step) => stepText(steps[step])),
  ]);
  const columns = head.map((_, index) => index).slice(2);
  return [
    'VM exits: cycles from the guest’s last instruction to its next, and min / mean / max of each step',
    ...textTable([head, ...body], columns),
  ];
}

function stepText({ min, mean, max }: Spread): string {
  return min === max ? String(min) : `${String(min)} / ${mean.toFixed(1)} / ${String(max)}`;
}

/** Joins what several harts saw of the same kind of exit. */
export function mergeSummaries(summaries: readonly ExitSummary[]): readonly ExitSummary[] {
  const merged = new Map<string, ExitSummary>();
  for (const summary of summaries) {
    const key = `${summary.handler} ${summary.cause}`;
    const before = merged.get(key);
    merged.set(key, before === undefined ? summary : mergeTwo(before, summary));
  }
  return [...merged.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ handler, cause }: ExitSummary): string {
  return `${handler} ${cause}`;
}

function mergeTwo(a: ExitSummary, b: ExitSummary): ExitSummary {
  const steps = exitSteps.map(
    (step) => [step, mergeSpreads(a.steps[step], b.steps[step])] as const,
  );
  return {
    ...a,
    total: mergeSpreads(a.total, b.total),
    steps: Object.fromEntries(steps) as ExitSummary['steps'],
  };
}

function mergeSpreads(a: Spread, b: Spread): Spread {
  const count = a.count + b.count;
  const mean = (a.mean * a.count + b.mean * b.count) / Math.max(1, count);
  return { count, min: Math.min(a.min, b.min), mean, max: Math.max(a.max, b.max) };
}
