import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { imageError } from '../../platforms/index.ts';
import { nearestName } from '../../platforms/source/nearest-name.ts';
import { type Stats, statsName, statsSchema } from '../stats/stats-file.ts';
import { csvRows } from './csv-rows.ts';

/** What a run has left in its folder, as far as it can be compared. */
export interface RecordedRun {
  readonly folder: string;
  readonly stats: Stats;
  /** `config.resolved.yaml`, if it is there. */
  readonly configuration: string | undefined;
  /** Rows of `functions.csv` and of `exit-cycles.csv`, if the run was profiled or traced. */
  readonly functions: readonly CsvRow[] | undefined;
  readonly exitCycles: readonly CsvRow[] | undefined;
}

/** A row of a table by the names of its columns. */
export type CsvRow = Readonly<Record<string, string>>;

/** Reads the folder of a run, or of the last but n: `out/@1` is the last one. One that is none is refused, with the nearest that is. */
export function readRun(given: string): RecordedRun {
  const folder = isRecent(given) ? recentRun(given) : given;
  const optional = (name: string): string | undefined => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const text = optional(statsName);
  if (text === undefined) throw noRun(folder);
  const functions = optional('functions.csv');
  const exitCycles = optional('exit-cycles.csv');
  return {
    folder,
    stats: readStats(join(folder, statsName), text),
    configuration: optional('config.resolved.yaml'),
    functions: functions === undefined ? undefined : csvRows(functions),
    exitCycles: exitCycles === undefined ? undefined : csvRows(exitCycles),
  };
}

function readStats(path: string, text: string): Stats {
  let stats: unknown;
  try {
    stats = JSON.parse(text);
  } catch {
    throw imageError('E-IMG-012', `${path} is not JSON`, 'run it again');
  }
  const { schema } = stats as { readonly schema?: unknown };
  if (schema === statsSchema) return stats as Stats;
  const found = typeof schema === 'string' ? `'${schema}'` : 'none';
  throw imageError('E-IMG-012', `${path}: expected the schema '${statsSchema}', found ${found}`);
}

function noRun(folder: string): Error {
  const message = `'${folder}' is not the folder of a run: it has no ${statsName}`;
  const nearest = nearestName(basename(folder), runsBeside(folder));
  const help = nearest === undefined ? 'dvlab run … --out DIR makes one' : undefined;
  const hint = nearest === undefined ? '' : `; did you mean '${join(dirname(folder), nearest)}'?`;
  return imageError('E-IMG-001', `${message}${hint}`, help);
}

function isRecent(given: string): boolean {
  return /^@[1-9]\d*$/.test(basename(given));
}

function recentRun(given: string): string {
  const parent = dirname(given);
  const newestFirst = runsBeside(given)
    .map((name) => ({ name, time: statSync(join(parent, name, statsName)).mtimeMs }))
    .sort((a, b) => b.time - a.time || (a.name < b.name ? -1 : 1));
  const run = newestFirst[Number(basename(given).slice(1)) - 1];
  if (run !== undefined) return join(parent, run.name);
  const count = String(newestFirst.length);
  throw imageError('E-IMG-001', `'${given}': ${parent} holds the folders of ${count} runs`);
}

function runsBeside(folder: string): readonly string[] {
  try {
    return readdirSync(dirname(folder)).filter((name) =>
      existsSync(join(dirname(folder), name, statsName)),
    );
  } catch {
    return [];
  }
}
