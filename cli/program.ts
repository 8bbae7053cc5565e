import { Argument, Command } from 'commander';
import { defineBaselineCommand } from './baseline/baseline-command.ts';
import { packageVersion } from './bundled.ts';
import { defineCalibrateCommand } from './calibrate/calibrate-command.ts';
import { check, type CheckOptions } from './check.ts';
import { defineCompareCommand } from './compare/compare-command.ts';
import { describe } from './describe/describe.ts';
import {
  type DescribeFormat,
  describeFormats,
  describeTopics,
  type DescribeTopic,
} from './describe/topics.ts';
import { ExitCode, type ExitStatus } from './exit-code.ts';
import { nameOption } from './name-option.ts';
import { defineReproduceCommand } from './reproduce/reproduce-command.ts';
import { defineRunCommand } from './run/run-command.ts';
import type { Output } from './output.ts';
import { defineTourCommand } from './tour/tour-command.ts';

/** Builds the command line; `finish` receives the exit status of the command that ran. */
function defineProgram(output: Output, finish: (status: ExitStatus) => void): Command {
  const program = new Command('dvlab')
    .description(
      'A laboratory for delegated virtualization: RISC-V harts with the H extension and DV-Ext',
    )
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: output.result, writeErr: output.remark })
    .showHelpAfterError('(dvlab --help says more)')
    .addHelpText('after', exitCodeHelp);
  program.addCommand(defineRunCommand(output, finish).copyInheritedSettings(program));
  program.addCommand(defineCompareCommand(output, finish).copyInheritedSettings(program));
  const baseline = defineBaselineCommand(output, finish).copyInheritedSettings(program);
  for (const command of baseline.commands) command.copyInheritedSettings(program);
  program.addCommand(baseline);
  program.addCommand(defineCalibrateCommand(output, finish).copyInheritedSettings(program));
  program.addCommand(defineReproduceCommand(output, finish).copyInheritedSettings(program));
  program.addCommand(defineTourCommand(output, finish, executeLine).copyInheritedSettings(program));
  program
    .command('check')
    .description('validate a platform file')
    .argument('<platform>', 'platform file, or the name of a bundled platform')
    .option('--set <key=value>', 'override one value (repeat)', collect, [])
    .option('--resolved', 'print the resolved platform with the origin of every value', false)
    .action((platform: string, options: CheckOptions) => {
      finish(check(platform, options, output));
    });
  program
    .command('describe')
    .description('print what the model consists of')
    .addArgument(new Argument('[topic]').choices(describeTopics).default('components'))
    .argument('[platform]', 'platform whose values are shown', 'duvisor-2hart')
    .option('--set <key=value>', 'override one value (repeat)', collect, [])
    .option(
      '--format <name>',
      `for people or for machines: ${describeFormats.join(' or ')}`,
      nameOption(describeFormats),
      'table',
    )
    .action((topic: DescribeTopic, platform: string, options: DescribeOptions) => {
      finish(describe({ topic, platform, ...options }, output));
    });
  return program;
}

/** Runs one command line (without the program's name). */
export async function executeLine(argv: readonly string[], output: Output): Promise<ExitStatus> {
  let status: ExitStatus = ExitCode.passed;
  const program = defineProgram(output, (finished) => {
    status = finished;
  });
  await program.parseAsync([...argv], { from: 'user' });
  return status;
}

/** Options of `dvlab describe`. */
interface DescribeOptions {
  readonly set: readonly string[];
  readonly format: DescribeFormat;
}

const exitCodeHelp = `
Exit status:
  0 passed   1 the guest reported failure   2 usage   20 invalid platform   21 bad image or file
  22 budget reached   23 no progress   24 engines differ (run --check)
  25 counts have moved (baseline check)   28 no baseline for this run   70 defect of dvlab
  130 interrupted   143 terminated`;

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}
