import { dirname } from 'node:path';
import { z } from 'zod';
import { DvlabError } from '../../platforms/index.ts';
import type { Diagnostic } from '../../platforms/source/diagnostic.ts';
import { refuse } from '../../platforms/source/dvlab-error.ts';
import { suggestName } from '../../platforms/source/nearest-name.ts';
import { inputSchema } from '../../platforms/source/schema-guide.ts';
import { validate } from '../../platforms/source/validate.ts';
import { readYaml } from '../../platforms/source/yaml-reader.ts';
import { readFile } from '../read-file.ts';

const runSchema = z.strictObject({
  platform: z.string(),
  stack: z.string(),
  guest: z.string(),
  set: z.array(z.string()).default([]),
  vcpus: z.int().optional(),
  append: z.string().optional(),
  devices: z.string().optional(),
  megapages: z.boolean().default(false),
});
const suiteSchema = z.strictObject({ runs: z.record(z.string(), runSchema) });

/** A run whose counts are guarded: what `dvlab run` would be told. */
export type SuiteRun = z.output<typeof runSchema> & { readonly name: string };

/** Runs, and the folder in which what each counted is recorded under its name. */
export interface Suite {
  readonly folder: string;
  readonly runs: readonly SuiteRun[];
}

/** Reads the file of a suite; with names, only these of its runs. */
export function readSuite(path: string, names: readonly string[]): Suite {
  const diagnostics: Diagnostic[] = [];
  const text = new TextDecoder().decode(readFile(path).bytes);
  const rules = { schema: suiteSchema, guide: inputSchema(suiteSchema) };
  const suite = validate(readYaml({ name: path, text }, diagnostics), rules, diagnostics);
  refuse(diagnostics);
  const all = Object.entries(suite?.runs ?? {}).map(([name, run]) => ({ ...run, name }));
  const unknown = names.find((name) => !all.some((run) => run.name === name));
  if (unknown !== undefined) throw unknownRun(unknown, all);
  const runs = all.filter(({ name }) => names.length === 0 || names.includes(name));
  return { folder: dirname(path), runs };
}

function unknownRun(name: string, all: readonly SuiteRun[]): DvlabError {
  const suggestion = suggestName(
    name,
    all.map((run) => run.name),
  );
  return new DvlabError([
    { code: 'E-USE-010', message: `no run of the suite is named '${name}': ${suggestion}` },
  ]);
}
