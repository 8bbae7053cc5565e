import { Command } from 'commander';
import { relative } from 'node:path';
import { bundledSuite } from '../bundled.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import { countOption } from '../number-option.ts';
import type { Output } from '../output.ts';
import { writeFile } from '../write-file.ts';
import { annotations } from './annotations.ts';
import { readBaseline, writeBaseline } from './baseline-folder.ts';
import { countRun } from './counted-run.ts';
import { junit } from './junit.ts';
import { readSuite } from './suite.ts';
import { tap } from './tap.ts';
import { allowImprovement, judge, type Verdict } from './verdict.ts';
import { type JudgedRun, verdictText } from './verdict-text.ts';

interface SuiteOptions {
  readonly suite: string;
}

interface CheckOptions extends SuiteOptions {
  readonly top: number;
  readonly junit?: string;
  readonly tap?: string;
  readonly annotations: boolean;
  readonly allowImprovement: boolean;
}

interface UpdateOptions extends SuiteOptions {
  readonly reason: string;
}

const defaultTop = 10;
const usualSuite = relative(process.cwd(), bundledSuite);

/** Declares `dvlab baseline`. */
export function defineBaselineCommand(
  output: Output,
  finish: (status: ExitStatus) => void,
): Command {
  const baseline = new Command('baseline').description(
    'guard the exact counts of a suite of runs against change',
  );
  baseline
    .command('check')
    .description('make the runs again, and say which counts have moved and why')
    .argument('[run...]', 'only these runs of the suite')
    .option('--suite <file>', 'the runs; what they counted is recorded beside it', usualSuite)
    .option('--top <count>', 'rows of each table', countOption, defaultTop)
    .option('--junit <file>', 'write the verdicts as JUnit XML too')
    .option('--tap <file>', 'write the verdicts as TAP 13 too')
    .option('--annotations', 'print what fails as GitHub shows it beside the change, too', false)
    .option('--allow-improvement', 'pass what takes fewer cycles in all than recorded', false)
    .action(async (names: readonly string[], options: CheckOptions) => {
      finish(await check(names, options, output));
    });
  baseline
    .command('update')
    .description('record what the runs count now')
    .argument('[run...]', 'only these runs of the suite')
    .option('--suite <file>', 'the runs; what they count is recorded beside it', usualSuite)
    .requiredOption('--reason <text>', 'why counts have changed; kept with those that have')
    .action(async (names: readonly string[], options: UpdateOptions) => {
      finish(await update(names, options, output));
    });
  return baseline;
}

async function check(
  names: readonly string[],
  options: CheckOptions,
  output: Output,
): Promise<ExitStatus> {
  const { suite: path, top, junit: xml, tap: lines } = options;
  const suite = readSuite(path, names);
  const judged: JudgedRun[] = [];
  for (const run of suite.runs) {
    const found = judge(readBaseline(suite.folder, run.name), await countRun(run, output));
    const verdict = options.allowImprovement ? allowImprovement(found) : found;
    judged.push({ name: run.name, verdict });
  }
  if (xml !== undefined) writeFile(xml, junit(judged, top));
  if (lines !== undefined) writeFile(lines, tap(judged, top));
  output.result(verdictText(judged, top));
  if (options.annotations) output.result(annotations(judged, top));
  const isSame = judged.every(({ verdict: { kind } }) => kind === 'same' || kind === 'improved');
  if (!isSame) output.remark('if the change is meant: dvlab baseline update --reason "…"\n');
  return statusOf(judged.map(({ verdict }) => verdict.kind));
}

/** What the caller has to know first: that a run failed, then that it has no baseline, then that counts have moved. */
function statusOf(kinds: readonly Verdict['kind'][]): ExitStatus {
  if (kinds.includes('failed')) return ExitCode.guestFailed;
  if (kinds.includes('absent') || kinds.includes('reconfigured')) return ExitCode.noBaseline;
  return kinds.includes('moved') ? ExitCode.countsMoved : ExitCode.passed;
}

async function update(
  names: readonly string[],
  { suite: path, reason }: UpdateOptions,
  output: Output,
): Promise<ExitStatus> {
  const suite = readSuite(path, names);
  let status: ExitStatus = ExitCode.passed;
  for (const run of suite.runs) {
    const counted = await countRun(run, output);
    const verdict = judge(readBaseline(suite.folder, run.name), counted);
    if (verdict.kind === 'failed') {
      status = ExitCode.guestFailed;
      output.result(verdictText([{ name: run.name, verdict }], defaultTop));
    } else if (verdict.kind === 'same') {
      output.result(`${run.name}: unchanged\n`);
    } else {
      writeBaseline(suite.folder, run.name, counted, reason);
      output.result(`${run.name}: recorded\n`);
    }
  }
  return status;
}
