import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { imageError } from '../../platforms/index.ts';
import { packageRoot, platformPath } from '../bundled.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import { countOption } from '../number-option.ts';
import type { Output } from '../output.ts';
import { writeFile } from '../write-file.ts';
import { classTable, regionTable, traceTable } from './calibration-report.ts';
import { compareRegions, summarize } from './comparison.ts';
import { readExpectations } from './expectations.ts';
import { measureProgram, type ProgramMeasurement } from './measure.ts';
import { readTrace } from './retire-trace.ts';

/** What `dvlab calibrate` may be told. */
interface CalibrateOptions {
  readonly elf: string;
  readonly expect: string;
  readonly traces: string;
  readonly platform: string;
  readonly only?: string;
  readonly set: readonly string[];
  readonly json?: string;
  readonly regions: boolean;
  readonly divergences: number;
  readonly maxCycles: number;
}

/** Where the counts of the Rocket RTL lie beside a checkout of the project. */
const reference = join(packageRoot, '..', 'shared', 'rocket');
const defaultMaxCycles = 50_000_000;

/** Declares `dvlab calibrate`. */
export function defineCalibrateCommand(
  output: Output,
  finish: (status: ExitStatus) => void,
): Command {
  return new Command('calibrate')
    .description('compare the timing model with counts of real hardware, region by region')
    .option('--elf <dir>', 'folder of programs that measure themselves', join(reference, 'elf'))
    .option(
      '--expect <file>',
      'table of counts: program,region,cycles,instret',
      join(reference, 'cycles.csv'),
    )
    .option('--traces <dir>', 'folder of retire traces', join(reference, 'traces'))
    .option('--platform <name>', 'platform file, or the name of a bundled platform', 'rocket-rtl')
    .option('--only <text>', 'only programs whose name contains this')
    .option('--set <key=value>', 'override one value of the platform (repeat)', collect, [])
    .option('--json <file>', 'write every figure to a file')
    .option('--regions', 'list the regions that are not exact', false)
    .option('--divergences <count>', 'instructions to list per trace', countOption, 1)
    .option(
      '--max-cycles <count>',
      'end a program after this many cycles',
      countOption,
      defaultMaxCycles,
    )
    .action((options: CalibrateOptions) => {
      finish(calibrate(options, output));
    });
}

function calibrate(options: CalibrateOptions, output: Output): ExitStatus {
  const { elf, expect, traces, set, maxCycles, divergences } = options;
  const platform = platformPath(options.platform);
  const expectations = readExpectations(expect).filter(({ program }) => {
    return options.only === undefined || program.includes(options.only);
  });
  const measured = new Map<string, ProgramMeasurement>();
  for (const program of new Set(expectations.map((expectation) => expectation.program))) {
    const file = join(elf, `${program}.elf`);
    if (!existsSync(file)) throw imageError('E-IMG-001', `cannot read '${file}'`);
    const trace = readTrace(traces, program);
    const measurement = measureProgram(file, { platform, set, maxCycles, trace, divergences });
    measured.set(program, measurement);
    if (measurement.end !== 'passed') output.remark(`${program}: ended with ${measurement.end}\n`);
  }
  const regions = compareRegions(expectations, measured);
  const classes = summarize(regions);
  if (options.regions) output.result(`${regionTable(regions)}\n`);
  output.result(`${classTable(classes)}\n`);
  output.result(traceTable(measured));
  if (options.json !== undefined) {
    const programs = Object.fromEntries(
      [...measured].map(([name, { end, trace }]) => [name, { end, trace }]),
    );
    const report = { classes, regions, programs };
    writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  const isSound = regions.every(({ instret, modelInstret }) => instret === modelInstret);
  return isSound ? ExitCode.passed : ExitCode.guestFailed;
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}
