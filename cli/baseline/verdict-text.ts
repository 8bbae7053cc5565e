import { comparisonText } from '../compare/comparison-text.ts';
import { groupDigits, textTable } from '../text-table.ts';
import type { Movement, Verdict } from './verdict.ts';

/** A run of the suite with what came of it. */
export interface JudgedRun {
  readonly name: string;
  readonly verdict: Verdict;
}

/** The verdict in a few words, for a line or a title. */
export function headline({ verdict }: JudgedRun): string {
  switch (verdict.kind) {
    case 'same':
      return `${groupDigits(verdict.cycles)} cycles, as recorded`;
    case 'improved':
      return `${groupDigits(verdict.fewer)} cycles fewer than recorded, which is allowed`;
    case 'moved':
      return 'counts have moved';
    case 'reconfigured':
      return 'error[E-BASE-002]: recorded for another configuration, whose counts differ';
    case 'absent':
      return 'error[E-BASE-001]: nothing is recorded for this run';
    case 'failed':
      return 'the run did not pass';
  }
}

/** What makes the verdict, each table cut at so many rows; nothing if all is as recorded. */
export function explanation({ verdict }: JudgedRun, top: number): readonly string[] {
  if (verdict.kind === 'failed') return verdict.text.split('\n');
  if (verdict.kind === 'moved' || verdict.kind === 'reconfigured')
    return movementText(verdict.movement, top);
  return [];
}

function movementText(
  { comparison, figures, before, now }: Movement,
  top: number,
): readonly string[] {
  const rows = figures.slice(0, top).map(({ name, a, b, difference }) => {
    return [name, groupDigits(a), groupDigits(b), String(difference)];
  });
  const others = figures.length - rows.length;
  const lines = [...before.map((line) => `- ${line}`), ...now.map((line) => `+ ${line}`)];
  return [
    ...comparisonText(comparison, top),
    ...(rows.length === 0 ? [] : ['', 'other figures']),
    ...textTable(rows.length === 0 ? [] : [['figure', 'A', 'B', 'B - A'], ...rows], [1, 2, 3]),
    ...(others === 0 ? [] : [`… ${String(others)} more`]),
    ...(lines.length === 0 ? [] : ['', 'what the guest printed', ...lines.slice(0, 2 * top)]),
  ];
}

/** The verdicts for people. */
export function verdictText(runs: readonly JudgedRun[], top: number): string {
  const lines = runs.flatMap((run) => {
    const more = explanation(run, top).map((line) => (line === '' ? '' : `  ${line}`));
    return [`${run.name}: ${headline(run)}`, ...(more.length === 0 ? [] : [...more, ''])];
  });
  return `${lines.join('\n').trimEnd()}\n`;
}
