import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import {
  bootStack,
  DvlabError,
  loadPlatform,
  type NamedFile,
  type Platform,
} from '../../platforms/index.ts';
import { suggestName } from '../../platforms/source/nearest-name.ts';
import { buildImages } from '../build/build-images.ts';
import { guestFolder, guestNames, type ImageFolder } from '../build/image-catalog.ts';
import { platformPath } from '../bundled.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { readFile } from '../read-file.ts';
import { drive } from './drive.ts';
import { EventRing } from './event-ring.ts';
import { reportEnd } from './report-end.ts';
import { resultTable } from './result-table.ts';
import { runFolder, writeRunFolder } from './run-folder.ts';
import type { RunOptions } from './run-options.ts';

/** Options with the stack and the guest that were asked for. */
export type StackOptions = RunOptions & { readonly stack: string; readonly guest: string };

/** Boots a software stack with one guest, shows what the guest prints, and says where its exits' cycles went. */
export async function runStack(
  given: string,
  options: StackOptions,
  output: Output,
): Promise<ExitStatus> {
  const platform = loadPlatform(platformPath(given), { set: options.set });
  checkStack(options.stack, platform);
  const [firmware, host, hypervisor, kernel] = await imagesFor(options, output);
  const guests = [{ kernel, vcpus: options.vcpus, memory: options.memory }];
  const booted = bootStack(platform, { firmware, host, hypervisor, guests });
  const { machine, names } = booted;
  const events = new EventRing(machine, names);
  const limits = { cycles: options.maxCycles, instructions: options.maxInstructions };
  const driven = await drive(machine, limits, output);
  const report = reportEnd(driven.end, machine, names);
  const images = { firmware, host, hypervisor, kernel };
  const folder = options.out ?? runFolder(platform, options, images);
  const events$ = report.status === ExitCode.passed ? undefined : events.text();
  writeRunFolder(folder, { booted, driven, report, options, images, lastEvents: events$ });
  output.remark(
    `${resultTable(machine.harts.flatMap(({ exits }) => exits.summaries())).join('\n')}\n`,
  );
  output.remark(`${report.text}\nresults: ${folder}\n`);
  return report.status;
}

const stacks = ['duvisor'];

function checkStack(name: string, platform: Platform): void {
  if (!stacks.includes(name)) {
    const message = `unknown stack '${name}': ${suggestName(name, stacks)}`;
    throw new DvlabError([{ code: 'E-USE-002', message, help: 'dvlab run --help' }]);
  }
  if (platform.harts.dvExt.profile !== 'none') return;
  throw new DvlabError([
    {
      code: 'E-USE-003',
      message: `the stack 'duvisor' needs DV-Ext, and ${platform.name} has none`,
      origin: platform.originOf(['harts', 'dvExt', 'profile']),
      label: 'expected another profile than none',
    },
  ]);
}

async function imagesFor(
  { guest }: StackOptions,
  output: Output,
): Promise<[NamedFile, NamedFile, NamedFile, NamedFile]> {
  const own: ImageFolder[] = ['sw/firmware', 'sw/host', 'sw/duvisor'];
  const isOwn = guestNames().includes(guest);
  if (!isOwn && !existsSync(guest)) throw unknownGuest(guest);
  const built = await buildImages(isOwn ? [...own, guestFolder(guest)] : own, output);
  const [firmware, host, hypervisor, kernel = readFile(guest)] = built;
  if (firmware === undefined || host === undefined || hypervisor === undefined) {
    throw new Error('the build gave fewer images than it was asked for');
  }
  return [firmware, host, hypervisor, kernel];
}

function unknownGuest(guest: string): DvlabError {
  const message = `no guest '${basename(guest)}', and no file of that name: ${suggestName(guest, guestNames())}`;
  return new DvlabError([{ code: 'E-IMG-001', message, help: 'dvlab run --help' }]);
}
