import {
  bootBare,
  type Booted,
  loadPlatform,
  type Platform,
  renderDiagnostic,
  signatureText,
  unheardTohost,
} from '../../platforms/index.ts';
import { platformPath } from '../bundled.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { readFile } from '../read-file.ts';
import { writeFile } from '../write-file.ts';
import { prepareRun } from './check-against.ts';
import { Checkpoints } from './checkpoints.ts';
import { drive } from './drive.ts';
import { EventRing } from './event-ring.ts';
import { reportEnd } from './report-end.ts';
import { writeRunFolder } from './run-folder.ts';
import type { RunOptions } from './run-options.ts';
import { watchRun } from './watch.ts';

/** Runs one program on the bare machine; its results go to a folder only if one is named. */
export async function runBare(
  given: string,
  options: RunOptions & { readonly bare: string },
  output: Output,
): Promise<ExitStatus> {
  const platform = loadPlatform(platformPath(given), { set: options.set });
  const program = readFile(options.bare);
  const images = { program };
  const checkpoints = new Checkpoints(options, images, options.out);
  const boot = (each: Platform): Booted => bootBare(each, program, options.entryArgs);
  const prepared = prepareRun(platform, options, boot, checkpoints);
  const { booted } = prepared;
  const { machine, symbols } = booted;
  const warning = unheardTohost(platform, symbols);
  if (warning !== undefined) output.remark(`${renderDiagnostic(warning)}\n`);
  const events = new EventRing(machine, booted.names);
  const endWatch = watchRun(booted, options, options.out, output);
  const driven = await drive(prepared, output);
  const watched = endWatch();
  if (options.signature !== undefined)
    writeFile(options.signature, signatureText(machine, symbols));
  const report = reportEnd(driven.end, prepared);
  if (watched.report.length > 0) output.remark(`${watched.report.join('\n')}\n\n`);
  output.remark(`${report.text}\n`);
  if (options.out !== undefined) {
    const lastEvents = report.status === ExitCode.passed ? undefined : events.text();
    const { files } = watched;
    writeRunFolder(options.out, { booted, driven, report, options, images, files, lastEvents });
    for (const remark of checkpoints.remarks()) output.remark(`${remark}\n`);
    output.remark(`results: ${options.out}\n`);
  }
  return report.status;
}
