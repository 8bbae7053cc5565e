import { bootBare, loadPlatform, signatureText } from '../../platforms/index.ts';
import { platformPath } from '../bundled.ts';
import type { ExitStatus } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { readFile } from '../read-file.ts';
import { writeFile } from '../write-file.ts';
import { openCommitLog } from './commit-log-file.ts';
import { drive } from './drive.ts';
import { reportEnd } from './report-end.ts';
import type { RunOptions } from './run-options.ts';

/** Runs one program on the bare machine. */
export async function runBare(
  given: string,
  options: RunOptions & { readonly bare: string },
  output: Output,
): Promise<ExitStatus> {
  const platform = loadPlatform(platformPath(given), { set: options.set });
  const { machine, symbols, names } = bootBare(platform, readFile(options.bare), options.entryArgs);
  const closeLog = openCommitLog(machine, options.commitLog);
  const limits = { cycles: options.maxCycles, instructions: options.maxInstructions };
  const driven = await drive(machine, limits, output);
  closeLog();
  if (options.signature !== undefined)
    writeFile(options.signature, signatureText(machine, symbols));
  const { status, text } = reportEnd(driven.end, machine, names);
  output.remark(`${text}\n`);
  return status;
}
