import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DvlabError } from '../../platforms/index.ts';
import type { ExitStatus } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { cannotWrite, writeFile } from '../write-file.ts';
import type { FigureStack } from './figure-stacks.ts';

/** Options of `dvlab reproduce`; what is not given is the experiment's to choose. */
export interface ReproduceOptions {
  /** Only these; none is all. */
  readonly stack: readonly FigureStack[];
  readonly platform?: string;
  readonly set: readonly string[];
  readonly quick: boolean;
  readonly iterations?: number;
  readonly out?: string;
}

/** The machines that bring the experiments' software with them, by the name of the harts that are theirs. */
const complete: Readonly<Record<string, string>> = { 'rocket-firesim': 'duvisor-firesim' };

/** The platform of a name: `rocket-firesim`, where programs run on the bare machine, stands for the machine with such harts. */
export function machineOf(name: string): string {
  return complete[name] ?? name;
}

/** An experiment of the paper. */
export interface Experiment {
  readonly summary: string;
  run(options: ReproduceOptions, output: Output): Promise<ExitStatus>;
}

/** Writes the results of an experiment, by file name, to the folder of the options, and says where that is. */
export function writeResults(
  experiment: string,
  { out = join('out', experiment) }: ReproduceOptions,
  files: Readonly<Record<string, string>>,
  output: Output,
): void {
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw cannotWrite(out, error);
  }
  for (const [name, contents] of Object.entries(files)) writeFile(join(out, name), contents);
  output.remark(`results: ${out}\n`);
}

/** Refuses an option that means nothing to an experiment. */
export function refuse(experiment: string, option: string): never {
  const message = `${option} means nothing to ${experiment}`;
  throw new DvlabError([{ code: 'E-USE-004', message, help: 'dvlab reproduce --help' }]);
}
