import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { barLines } from './bars.ts';
import { tableOf } from './bench-table.ts';
import { contentionOf } from './contention.ts';
import { figureLine, figuresOf, hartFigures, type Figure } from './figures.ts';
import { buildProgram } from './program.ts';
import { installedSimulators } from './reference-simulator.ts';
import { efforts, measure, measureReference, type Result } from './result.ts';
import { startFigures } from './start.ts';
import { defaultVariant, knownEngines, timings, usualTimings } from './variant.ts';
import { workloads } from './workloads.ts';

interface Options {
  readonly only: string;
  readonly engine?: string;
  readonly timing?: string;
  readonly reference: boolean;
  readonly quick: boolean;
  readonly json: string;
}

const options = new Command('bench')
  .description('measure how fast the engines execute: a table, a JSON file, a line per figure')
  .option('--only <name>', 'the workloads whose names begin so', '')
  .addOption(new Option('--engine <name>', 'one engine').choices(knownEngines()))
  .addOption(new Option('--timing <name>', 'one timing model').choices(timings))
  .option('--no-reference', 'leave out the simulators of others that are installed')
  .option('--quick', 'three short samples of each instead of five', false)
  .option('--json <file>', 'where the results go', 'out/bench.json')
  .parse()
  .opts<Options>();

const isChosen = (name: string): boolean => name.startsWith(options.only);
const effort = options.quick ? efforts.quick : efforts.full;
const engines = knownEngines().filter((name) => name === (options.engine ?? name));
const models = options.timing === undefined ? usualTimings : [options.timing];
const variants = engines.flatMap((engine) => models.map((timing) => ({ engine, timing })));
const simulators = options.reference ? installedSimulators() : [];

const results: Result[] = [];
function keep(result: Result | undefined): void {
  if (result === undefined) return;
  results.push(result);
  const { workload, variant, median, unit } = result;
  process.stderr.write(`${workload}  ${variant}  ${median.toPrecision(4)} ${unit}\n`);
}

for (const workload of workloads.filter(({ name }) => isChosen(name))) {
  for (const variant of variants) keep(await measure(workload, variant, effort));
  for (const simulator of simulators) keep(await measureReference(workload, simulator, effort));
}

const others: Figure[] = isChosen('start') ? startFigures() : [];
if (isChosen('ticket-lock')) {
  const program = await buildProgram('ticket-lock');
  for (const quantum of ['exact', '1000']) {
    const value = contentionOf(program, defaultVariant(), quantum);
    others.push({ name: `ticket-lock/quantum-${quantum}`, value, unit: 'ratio' });
  }
}

const names = simulators.map(({ name }) => name);
const figures = [...figuresOf(results, names), ...hartFigures(results), ...others];
const host = { node: process.version, processor: cpus()[0]?.model ?? '' };
mkdirSync(dirname(options.json), { recursive: true });
const file = { schema: 'dvlab-bench-1', host, effort, results, figures };
writeFileSync(options.json, `${JSON.stringify(file, null, 2)}\n`);
console.log([...tableOf(results), ...barLines(figures), ...figures.map(figureLine)].join('\n'));
