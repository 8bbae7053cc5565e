import { loadPlatform } from '../../platforms/index.ts';
import { platformPath } from '../bundled.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { prepareRun } from './check-against.ts';
import { Checkpoints } from './checkpoints.ts';
import { drive } from './drive.ts';
import { EventRing } from './event-ring.ts';
import { reportEnd } from './report-end.ts';
import { exitTable } from '../exits/exit-table.ts';
import { runFolder, writeRunFolder } from './run-folder.ts';
import type { StackOptions } from './run-options.ts';
import { bootSoftware } from './software.ts';
import { watchRun } from './watch.ts';

/** Boots a software stack with one guest, shows what the guest prints, and says where its exits' cycles went. */
export async function runStack(
  given: string,
  options: StackOptions,
  output: Output,
): Promise<ExitStatus> {
  const platform = loadPlatform(platformPath(given), { set: options.set });
  const { boot, images } = await bootSoftware(platform, options, output);
  const folder = options.out ?? runFolder(platform, options, images);
  const checkpoints = new Checkpoints(options, images, folder);
  const prepared = prepareRun(platform, options, boot, checkpoints);
  const { booted } = prepared;
  const { machine, names } = booted;
  const events = new EventRing(machine, names);
  const endWatch = watchRun(booted, options, folder, output);
  const driven = await drive(prepared, output);
  const watched = endWatch();
  const report = reportEnd(driven.end, prepared);
  const lastEvents = report.status === ExitCode.passed ? undefined : events.text();
  const { files } = watched;
  writeRunFolder(folder, { booted, driven, report, options, images, files, lastEvents });
  const summaries = machine.harts.flatMap(({ exits }) => exits.summaries());
  if (summaries.length > 0) output.remark(`${exitTable(summaries).join('\n')}\n`);
  if (watched.report.length > 0) output.remark(`\n${watched.report.join('\n')}\n\n`);
  const eventsHint = lastEvents === undefined ? '' : `last traps: ${folder}/last-events.txt\n`;
  const notes = checkpoints.remarks().map((remark) => `${remark}\n`);
  output.remark(`${report.text}\n${eventsHint}${notes.join('')}results: ${folder}\n`);
  return report.status;
}
