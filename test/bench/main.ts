import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { tableOf } from './bench-table.ts';
import { efforts, measure, type Result } from './result.ts';
import { knownEngines, timings } from './variant.ts';
import { workloads } from './workloads.ts';

interface Options {
  readonly only?: string;
  readonly engine?: string;
  readonly timing?: string;
  readonly quick: boolean;
  readonly json: string;
}

const options = new Command('bench')
  .description('measure how fast the engines execute: a table, a JSON file, a line per figure')
  .option('--only <name>', 'the workloads whose names begin so')
  .addOption(new Option('--engine <name>', 'one engine').choices(knownEngines()))
  .addOption(new Option('--timing <name>', 'one timing model').choices(timings))
  .option('--quick', 'three short samples of each instead of five', false)
  .option('--json <file>', 'where the results go', 'out/bench.json')
  .parse()
  .opts<Options>();

const chosen = workloads.filter(({ name }) => name.startsWith(options.only ?? ''));
const effort = options.quick ? efforts.quick : efforts.full;
const results: Result[] = [];
for (const workload of chosen) {
  for (const engine of knownEngines()) {
    if (engine !== (options.engine ?? engine)) continue;
    for (const timing of timings) {
      if (timing !== (options.timing ?? timing)) continue;
      const result = await measure(workload, { engine, timing }, effort);
      if (result === undefined) continue;
      results.push(result);
      const { median, unit } = result;
      process.stderr.write(`${workload.name}  ${engine}  ${timing}  ${median.toPrecision(4)} ${unit}\n`);
    }
  }
}

console.log(tableOf(results).join('\n'));
mkdirSync(dirname(options.json), { recursive: true });
const [cpu] = cpus();
const host = { node: process.version, processor: cpu?.model ?? '' };
const file = { schema: 'dvlab-bench-1', host, effort, results };
writeFileSync(options.json, `${JSON.stringify(file, null, 2)}\n`);
for (const { workload, engine, timing, median, unit } of results) {
  console.log(`figure ${workload}/${engine}/${timing} ${median.toPrecision(4)} ${unit}`);
}
