import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRun, type RecordedRun } from '../compare/recorded-run.ts';
import { statsName, statsText } from '../stats/stats-file.ts';
import { cannotWrite, writeFile } from '../write-file.ts';
import type { CountedRun } from './counted-run.ts';

/** What is recorded of a run, in files as the folder of a run has them: `dvlab compare` takes both. */
export interface Baseline extends RecordedRun {
  readonly console: string;
}

const consoleName = 'console.log';
/** Why the counts are what they are now. */
const reasonName = 'reason.txt';

/** What a suite's folder holds of a run; undefined if nothing was recorded. */
export function readBaseline(suite: string, name: string): Baseline | undefined {
  const folder = join(suite, name);
  if (!existsSync(join(folder, statsName))) return undefined;
  const path = join(folder, consoleName);
  return { ...readRun(folder), console: existsSync(path) ? readFileSync(path, 'utf8') : '' };
}

/** Records what a run counted. */
export function writeBaseline(suite: string, name: string, run: CountedRun, reason: string): void {
  const folder = join(suite, name);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  writeFile(join(folder, statsName), statsText(run.stats));
  writeFile(join(folder, 'config.resolved.yaml'), run.configuration);
  writeFile(join(folder, consoleName), run.console);
  writeFile(join(folder, reasonName), `${reason}\n`);
}
