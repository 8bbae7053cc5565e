import { Command } from 'commander';
import { DvlabError } from '../../platforms/index.ts';
import { suggestName } from '../../platforms/source/nearest-name.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import { nameOption } from '../name-option.ts';
import { countOption } from '../number-option.ts';
import type { Output } from '../output.ts';
import { figuresOf } from '../stats/figures.ts';
import { textTable } from '../text-table.ts';
import { compareRuns, figureDifferences } from './comparison.ts';
import { comparisonText } from './comparison-text.ts';
import { byContribution, type Difference } from './differences.ts';
import { readRun, type RecordedRun } from './recorded-run.ts';

const formats = ['table', 'json'] as const;
const defaultTop = 20;

interface CompareOptions {
  readonly top: number;
  readonly metric?: string;
  readonly format: (typeof formats)[number];
}

/** Declares `dvlab compare`. */
export function defineCompareCommand(
  output: Output,
  finish: (status: ExitStatus) => void,
): Command {
  return new Command('compare')
    .description('say what makes the difference between two runs')
    .argument('<a>', 'folder of a run')
    .argument('<b>', 'folder of another run')
    .option('--metric <glob>', 'compare the figures of these names instead (* is any text)')
    .option('--top <count>', 'rows of each table', countOption, defaultTop)
    .option(
      '--format <name>',
      `for people or for machines: ${formats.join(' or ')}`,
      nameOption(formats),
      'table',
    )
    .action((a: string, b: string, options: CompareOptions) => {
      output.result(compare(readRun(a), readRun(b), options));
      finish(ExitCode.passed);
    });
}

/** The comparison as text; a table shows the `top` largest contributions, JSON has all. */
function compare(a: RecordedRun, b: RecordedRun, options: CompareOptions): string {
  const { metric, format, top } = options;
  if (metric !== undefined) return compareFigures(a, b, { ...options, metric });
  const comparison = compareRuns(a, b);
  return format === 'json'
    ? json({ schema: 'dvlab-compare-1', ...comparison })
    : `${comparisonText(comparison, top).join('\n')}\n`;
}

function compareFigures(
  a: RecordedRun,
  b: RecordedRun,
  { metric, format, top }: CompareOptions & { readonly metric: string },
): string {
  const figures = figureDifferences(a, b, globPattern(metric)).toSorted(byContribution);
  if (figures.length === 0) throw noFigure(metric, a);
  if (format === 'json')
    return json({ schema: 'dvlab-compare-1', a: a.folder, b: b.folder, figures });
  const rows = figures.slice(0, top).map(({ name, ...values }: Difference) => {
    return [name, String(values.a), String(values.b), String(values.difference)];
  });
  return `${textTable([['figure', 'A', 'B', 'B - A'], ...rows], [1, 2, 3]).join('\n')}\n`;
}

function noFigure(metric: string, { stats }: RecordedRun): DvlabError {
  const names = figuresOf(stats).map(({ name }) => name);
  const suggestion = suggestName(metric, names).replace(/^expected one of: .*/, 'none is near');
  return new DvlabError([
    {
      code: 'E-USE-009',
      message: `no figure is named '${metric}': ${suggestion}`,
      help: 'dvlab describe stats',
    },
  ]);
}

function globPattern(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
