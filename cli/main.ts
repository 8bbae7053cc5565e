import { CommanderError } from 'commander';
import { DvlabError } from '../platforms/index.ts';
import { ExitCode, exitStatusOf, type ExitStatus } from './exit-code.ts';
import { processOutput, type Output } from './output.ts';
import { executeLine } from './program.ts';

/** Runs one command line (without the program's name) and gives the exit status; never throws. */
export async function main(
  argv: readonly string[],
  output: Output = processOutput,
): Promise<ExitStatus> {
  try {
    return await executeLine(argv, output);
  } catch (error) {
    return reportError(error, output);
  }
}

function reportError(error: unknown, output: Output): ExitStatus {
  // Commander has printed its own message already.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? ExitCode.passed : ExitCode.usage;
  }
  if (error instanceof DvlabError) {
    output.remark(`${error.message}\n`);
    return exitStatusOf(error);
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  output.remark(
    `internal error[E-BUG]: ${details}\n   this is a defect of dvlab, not of your input\n`,
  );
  return ExitCode.internal;
}
