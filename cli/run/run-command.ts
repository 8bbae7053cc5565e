import { Command } from 'commander';
import { DvlabError, engineNames } from '../../platforms/index.ts';
import { formatSize } from '../../platforms/source/quantity.ts';
import type { ExitStatus } from '../exit-code.ts';
import { listOption } from '../list-option.ts';
import { countOption, countsOption, sizeOption, wordOption } from '../number-option.ts';
import type { Output } from '../output.ts';
import { productOption } from '../product-option.ts';
import { commandLineOption } from '../word-option.ts';
import { refuseIdleOptions } from './applicable-options.ts';
import { runBare } from './bare.ts';
import {
  defaultMaxCycles,
  defaultMemory,
  defaultVcpus,
  profileForms,
  type RunOptions,
  statsFormats,
  traceNames,
} from './run-options.ts';
import { stackOf, stacks } from './stack-kinds.ts';
import { runStack } from './stack.ts';

/** Declares `dvlab run`. */
export function defineRunCommand(output: Output, finish: (status: ExitStatus) => void): Command {
  return new Command('run')
    .description('simulate a program on the bare machine, or a guest on the software stack')
    .argument('<platform>', 'platform file, or the name of a bundled platform')
    .option('--bare <file>', 'run an ELF file or raw binary on the bare machine')
    .option('--stack <name>', `boot this software stack (${Object.keys(stacks).join(' or ')}) …`)
    .option(
      '--guest <name|file>',
      '… with this guest: one of ours by name, or an ELF file or raw image',
    )
    .option(
      '--vcpus <count>',
      `virtual CPUs of the guest (default: ${String(defaultVcpus)})`,
      countOption,
    )
    .option(
      '--memory <size>',
      `the guest's memory (default: ${formatSize(defaultMemory).replace(' ', '')})`,
      sizeOption,
    )
    .option('--append <word>', "the guest's command line", commandLineOption)
    .option(
      '--devices <names>',
      'virtio devices of the guest: entropy,console,block,net',
      commandLineOption,
    )
    .option(
      '--input <file>',
      'what is typed at the console: a file, or - for standard input up to its end',
    )
    .option('--megapages', "map the guest's memory 2 MiB at a time where alignment allows")
    .option('--engine <name>', `what executes plain instructions: ${engineNames.join(', ')}`)
    .option(
      '--check [engine]',
      'run another engine beside it, and stop with both states at the first instruction that differs',
    )
    .option('--set <key=value>', 'override one value of the platform (repeat)', collect, [])
    .option(
      '--max-cycles <count>',
      'end the run after this many core cycles',
      countOption,
      defaultMaxCycles,
    )
    .option(
      '--max-instructions <count>',
      'end the run when a hart has retired this many',
      countOption,
    )
    .option(
      '--ckpt-at <cycles>',
      'save the whole machine at these core cycles to the folder of the run',
      countsOption,
    )
    .option('--restore <file>', 'go on from a checkpoint, with the command that made it')
    .option('--signature <file>', 'write begin_signature..end_signature as riscv-arch-test expects')
    .option('--commit-log <file>', "write a line per instruction, as Spike's --log-commits does")
    .option(
      '--entry-args <numbers...>',
      'start at the entry point with a0, a1 … set to these',
      wordOption,
    )
    .option(
      '--stats <formats>',
      `write the figures as ${statsFormats.join(', ')} to the folder of the run (default: json)`,
      listOption(statsFormats),
    )
    .option(
      '--trace <what[=file]>',
      `write a line for each of: ${traceNames.join(', ')}; to the folder of the run, a file, or - (repeat)`,
      collectTraces,
    )
    .option(
      '--profile <form[=file]>',
      `write the cycles of every function: ${profileForms.join(', ')}; to the folder of the run, a file, or -`,
      productOption(profileForms),
    )
    .option('--out <dir>', 'write the results of the run to this folder')
    .action(async (platform: string, options: RunOptions) => {
      finish(await chooseRun(platform, withEngine(options), output));
    });
}

/** An engine is a value of the platform like any other. */
function withEngine({ engine, ...options }: RunOptions & { readonly engine?: string }): RunOptions {
  if (engine === undefined) return options;
  return { ...options, set: [...options.set, `engine=${engine}`] };
}

/** Registers a0 to a7. */
const argumentRegisterCount = 8;

async function chooseRun(
  platform: string,
  options: RunOptions,
  output: Output,
): Promise<ExitStatus> {
  const { bare, stack, guest, entryArgs = [] } = options;
  if (entryArgs.length > argumentRegisterCount) {
    const message = `--entry-args takes at most ${String(argumentRegisterCount)} numbers, for a0 to a7`;
    throw new DvlabError([{ code: 'E-USE-004', message, help: 'dvlab run --help' }]);
  }
  if (bare !== undefined && stack === undefined && guest === undefined) {
    refuseIdleOptions(options);
    return runBare(platform, { ...options, bare }, output);
  }
  if (bare === undefined && stack !== undefined && guest !== undefined) {
    stackOf(stack);
    refuseIdleOptions(options);
    return runStack(platform, { ...options, stack, guest }, output);
  }
  const message = 'say what to run: either --bare FILE, or --stack duvisor --guest NAME';
  throw new DvlabError([{ code: 'E-USE-001', message, help: 'dvlab run --help' }]);
}

const readTrace = productOption(traceNames);

function collectTraces(
  text: string,
  previous: NonNullable<RunOptions['trace']> = [],
): NonNullable<RunOptions['trace']> {
  return [...previous.filter(({ name }) => !text.startsWith(name)), readTrace(text)];
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}
