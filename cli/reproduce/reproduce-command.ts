import { Argument, Command } from 'commander';
import type { ExitStatus } from '../exit-code.ts';
import { nameOption } from '../name-option.ts';
import { countOption } from '../number-option.ts';
import type { Output } from '../output.ts';
import { experiments } from './experiments.ts';
import { figureStackNames } from './figure-stacks.ts';
import { machineOf, type ReproduceOptions } from './reproduce-options.ts';

/** Declares `dvlab reproduce`. */
export function defineReproduceCommand(
  output: Output,
  finish: (status: ExitStatus) => void,
): Command {
  const names = Object.keys(experiments);
  return new Command('reproduce')
    .description('repeat an experiment of the paper, and put its numbers beside ours')
    .addArgument(new Argument('<experiment>', 'what to repeat').choices(names))
    .option(
      '--stack <name>',
      `fig6: only this stack (repeat): ${figureStackNames.join(', ')}`,
      (name: string, previous: readonly string[]) => [
        ...previous,
        nameOption(figureStackNames)(name),
      ],
      [],
    )
    .option(
      '--platform <name>',
      'platform file, or the name of a bundled platform; each experiment has its own',
      machineOf,
    )
    .option('--set <key=value>', 'override one value of the platform (repeat)', collect, [])
    .option('--quick', 'less of everything, with much the same result', false)
    .option(
      '--iterations <count>',
      'how often or how much; each experiment says of what',
      countOption,
    )
    .option('--out <dir>', 'folder for the results as JSON, CSV and SVG (default: out/EXPERIMENT)')
    .addHelpText('after', summaries())
    .action(async (name: string, options: ReproduceOptions) => {
      const experiment = experiments[name];
      if (experiment !== undefined) finish(await experiment.run(options, output));
    });
}

function summaries(): string {
  const lines = Object.entries(experiments).map(([name, { summary }]) => {
    return `  ${name.padEnd(8)}${summary}`;
  });
  return ['', 'Experiments:', ...lines].join('\n');
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}
