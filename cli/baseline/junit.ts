import { explanation, headline, type JudgedRun } from './verdict-text.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as XML 1.0 can carry it: of control characters only tab and line feed. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\x20-\ud7ff\ue000-\ufffd]/g, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** The verdicts as JUnit writes them: what has moved is a failure, what cannot be compared an error. */
export function junit(runs: readonly JudgedRun[], top: number): string {
  const counted = (kind: 'failure' | 'error'): string =>
    String(runs.filter((run) => elementOf(run) === kind).length);
  const cases = runs.flatMap((run) => {
    const element = elementOf(run);
    const head = `    <testcase classname="baseline" name="${escaped(run.name)}"`;
    if (element === undefined) return [`${head}/>`];
    const body = escaped(explanation(run, top).join('\n'));
    return [
      `${head}>`,
      `      <${element} message="${escaped(headline(run))}">${body}</${element}>`,
      '    </testcase>',
    ];
  });
  const totals = `tests="${String(runs.length)}" failures="${counted('failure')}" errors="${counted('error')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="dvlab baseline" ${totals}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function elementOf({ verdict }: JudgedRun): 'failure' | 'error' | undefined {
  if (verdict.kind === 'same' || verdict.kind === 'improved') return undefined;
  return verdict.kind === 'moved' ? 'failure' : 'error';
}
