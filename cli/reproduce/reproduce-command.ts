import { Argument, Command } from 'commander';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import { nameOption } from '../name-option.ts';
import { countOption } from '../number-option.ts';
import type { Output } from '../output.ts';
import { groupDigits } from '../text-table.ts';
import { cannotWrite, writeFile } from '../write-file.ts';
import { figureChart } from './figure-6-chart.ts';
import { figureCsv, figureJson } from './figure-6-files.ts';
import { figureStackNames, figureStacks, type FigureStack } from './figure-stacks.ts';
import { figureText } from './figure-6-report.ts';
import type { StackMeasurement } from './measure-stack.ts';
import { measureStacks } from './measure-stacks.ts';

/** Iterations of the paper, and those that show the same in a moment. */
const paperIterations = 10_000;
const quickIterations = 200;

interface ReproduceOptions {
  readonly stack?: FigureStack;
  readonly platform: string;
  readonly set: readonly string[];
  readonly quick: boolean;
  readonly iterations?: number;
  readonly out: string;
}

/** Declares `dvlab reproduce`. */
export function defineReproduceCommand(
  output: Output,
  finish: (status: ExitStatus) => void,
): Command {
  return new Command('reproduce')
    .description('repeat an experiment of the paper, and put its numbers beside ours')
    .addArgument(new Argument('<experiment>', 'micro-benchmarks: fig6').choices(['fig6']))
    .option(
      '--stack <name>',
      `only this stack: ${figureStackNames.join(', ')}`,
      nameOption(figureStackNames),
    )
    .option(
      '--platform <name>',
      'platform file, or the name of a bundled platform',
      'duvisor-2hart',
    )
    .option('--set <key=value>', 'override one value of the platform (repeat)', collect, [])
    .option(
      '--quick',
      `${String(quickIterations)} iterations instead of the paper's ${String(paperIterations)}`,
      false,
    )
    .option('--iterations <count>', 'how often each operation is done', countOption)
    .option('--out <dir>', 'folder for fig6.json, fig6.csv and fig6.svg', join('out', 'fig6'))
    .action(async (_experiment: string, options: ReproduceOptions) => {
      finish(await reproduceFigure6(options, output));
    });
}

async function reproduceFigure6(options: ReproduceOptions, output: Output): Promise<ExitStatus> {
  const { stack, quick, out } = options;
  const iterations = options.iterations ?? (quick ? quickIterations : paperIterations);
  const chosen = figureStackNames.filter((name) => stack === undefined || name === stack);
  const measurements = await measureStacks(chosen, { ...options, iterations }, output);
  output.result(`${headline(measurements, iterations)}\n\n${figureText(measurements)}`);
  write(out, 'fig6.json', figureJson(measurements, iterations));
  write(out, 'fig6.csv', figureCsv(measurements));
  write(out, 'fig6.svg', figureChart(measurements));
  output.remark(`results: ${out}\n`);
  return ExitCode.passed;
}

function headline(measurements: readonly StackMeasurement[], iterations: number): string {
  const machines = measurements.map(({ stack, platform, timing }) => {
    return `${stack} on ${platform}${figureStacks[stack].machine} (timing ${timing})`;
  });
  return [
    `Figure 6: cycles of one operation, mean of ${groupDigits(iterations)}: ${machines.join(', ')}`,
    'Paper and ours: between the world switches, of virtual interrupts the round trip; guest-visible: from the guest’s instruction to its next.',
  ].join('\n');
}

function write(folder: string, name: string, contents: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  writeFile(join(folder, name), contents);
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}
