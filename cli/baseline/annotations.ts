import { explanation, headline, type JudgedRun } from './verdict-text.ts';

/** Text of a workflow command: what would end it or be taken for an escape is escaped. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The verdicts that fail as GitHub's workflow commands, which it shows beside the change. */
export function annotations(runs: readonly JudgedRun[], top: number): string {
  return runs
    .filter(({ verdict: { kind } }) => kind !== 'same' && kind !== 'improved')
    .map((run) => {
      const text = [headline(run), ...explanation(run, top)].join('\n');
      return `::error title=dvlab baseline ${run.name}::${escaped(text)}\n`;
    })
    .join('');
}
