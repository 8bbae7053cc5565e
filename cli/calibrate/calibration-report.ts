import { textTable } from '../text-table.ts';
import type { ClassSummary, ComparedRegion } from './comparison.ts';
import type { ProgramMeasurement } from './measure.ts';

const percent = (error: number): string =>
  Number.isFinite(error) ? `${(100 * error).toFixed(2)} %` : 'none';

/** The accuracy of each class, a line each. */
export function classTable(classes: readonly ClassSummary[]): string {
  const rows = classes.map(({ name, regions, exact, mean, maximum, worst }) => [
    name,
    `${String(exact)}/${String(regions)}`,
    percent(mean),
    percent(maximum),
    worst,
  ]);
  return textTable([['class', 'exact', 'mean', 'maximum', 'worst region'], ...rows], [1, 2, 3])
    .map((line) => `${line}\n`)
    .join('');
}

/** The regions that are not exact, a line each. */
export function regionTable(regions: readonly ComparedRegion[]): string {
  const rows = regions
    .filter(({ error }) => error !== 0)
    .map(({ program, region, cycles, modelCycles, instret, modelInstret, error }) => [
      program,
      region,
      String(cycles),
      String(modelCycles ?? 'none'),
      percent(error),
      modelInstret === instret ? '' : `instret ${String(modelInstret)}, not ${String(instret)}`,
    ]);
  if (rows.length === 0) return '';
  return textTable([['program', 'region', 'RTL', 'model', 'error', ''], ...rows], [2, 3, 4])
    .map((line) => `${line}\n`)
    .join('');
}

/** Where each program first leaves its retire trace. */
export function traceTable(measured: ReadonlyMap<string, ProgramMeasurement>): string {
  const rows = [...measured].flatMap(([program, { trace }]) => {
    if (trace === undefined) return [];
    const { instructions, equalGaps } = trace;
    const counts = `${String(equalGaps)}/${String(instructions)}`;
    if (trace.divergences.length === 0) return [[program, counts, 'none', '', '', '', '']];
    return trace.divergences.map(({ index, pc, instruction, modelGap, traceGap }) => [
      program,
      counts,
      String(index),
      pc,
      instruction,
      String(modelGap),
      String(traceGap),
    ]);
  });
  if (rows.length === 0) return '';
  const heading = ['trace', 'equal gaps', 'first other', 'pc', 'instruction', 'model', 'RTL'];
  return textTable([heading, ...rows], [1, 2, 5, 6])
    .map((line) => `${line}\n`)
    .join('');
}
