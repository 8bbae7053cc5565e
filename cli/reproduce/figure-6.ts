import { ExitCode } from '../exit-code.ts';
import { groupDigits } from '../text-table.ts';
import { figureChart } from './figure-6-chart.ts';
import { figureCsv, figureJson } from './figure-6-files.ts';
import { figureText } from './figure-6-report.ts';
import { figureStackNames, figureStacks } from './figure-stacks.ts';
import { measureStacks, type StackMeasurement } from './measure-stacks.ts';
import { writeResults, type Experiment } from './reproduce-options.ts';

/** Iterations of the paper, and those that show the same in a moment. */
const paperIterations = 10_000;
const quickIterations = 200;

/** The micro-benchmarks of figure 6. */
export const figure6: Experiment = {
  summary: `micro-benchmarks under each stack; ${String(paperIterations)} times each, quick ${String(quickIterations)}`,
  async run(options, output) {
    const { stack, quick, set, platform = 'duvisor-2hart' } = options;
    const iterations = options.iterations ?? (quick ? quickIterations : paperIterations);
    const chosen = figureStackNames.filter((name) => stack.length === 0 || stack.includes(name));
    const measurements = await measureStacks(chosen, { platform, set, iterations }, output);
    output.result(`${headline(measurements, iterations)}\n\n${figureText(measurements)}`);
    const files = {
      'fig6.json': figureJson(measurements, iterations),
      'fig6.csv': figureCsv(measurements),
      'fig6.svg': figureChart(measurements),
    };
    writeResults('fig6', options, files, output);
    return ExitCode.passed;
  },
};

function headline(measurements: readonly StackMeasurement[], iterations: number): string {
  const machines = measurements.map(({ stack, platform, timing }) => {
    return `${stack} on ${platform}${figureStacks[stack].machine} (timing ${timing})`;
  });
  return [
    `Figure 6: cycles of one operation, mean of ${groupDigits(iterations)}: ${machines.join(', ')}`,
    'Paper and ours: between the world switches, of virtual interrupts the round trip; guest-visible: from the guest’s instruction to its next.',
  ].join('\n');
}
