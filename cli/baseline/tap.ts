import { explanation, headline, type JudgedRun } from './verdict-text.ts';

/** The verdicts as the Test Anything Protocol has them, version 13. */
export function tap(runs: readonly JudgedRun[], top: number): string {
  const lines = runs.flatMap((run, index) => {
    const { kind } = run.verdict;
    const status = kind === 'same' || kind === 'improved' ? 'ok' : 'not ok';
    const more = explanation(run, top).map((line) => `#   ${line}`.trimEnd());
    return [`${status} ${String(index + 1)} - ${run.name}: ${headline(run)}`, ...more];
  });
  return ['TAP version 13', `1..${String(runs.length)}`, ...lines, ''].join('\n');
}
