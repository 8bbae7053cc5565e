import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { DvlabError, type Booted, type Platform } from '../../platforms/index.ts';
import { suggestName } from '../../platforms/source/nearest-name.ts';
import { buildImages } from '../build/build-images.ts';
import { guestFolder, guestNames } from '../build/image-catalog.ts';
import type { Output } from '../output.ts';
import { readFile } from '../read-file.ts';
import type { Images } from './run-folder.ts';
import { checkKernel, checkShape, shapeOf } from './guest-shape.ts';
import type { StackOptions } from './run-options.ts';
import { stackOn } from './stack-kinds.ts';

/** Builds the images of a stack; `boot` makes a machine that boots them, as often as it is called. */
export async function bootSoftware(
  platform: Platform,
  options: StackOptions,
  output: Output,
): Promise<{ readonly boot: (platform: Platform) => Booted; readonly images: Images }> {
  const { stack, guest } = options;
  const kind = stackOn(platform, stack);
  if (kind.hasVirtualMachine) checkShape(platform, shapeOf(options));
  const isOwn = guestNames().includes(guest);
  if (!isOwn && !existsSync(guest)) throw unknownGuest(guest);
  const foreign = isOwn ? undefined : readFile(guest);
  if (foreign !== undefined && kind.hasVirtualMachine) checkKernel(foreign, shapeOf(options));
  const folders = isOwn ? [...kind.folders, guestFolder(guest)] : kind.folders;
  const built = await buildImages(folders, output);
  const files = foreign === undefined ? built : [...built, foreign];
  const images = Object.fromEntries(files.map((file) => [file.name, file]));
  return { boot: (each) => kind.boot(each, files, options), images };
}

function unknownGuest(guest: string): DvlabError {
  const suggestion = suggestName(guest, guestNames());
  const message = `no guest '${basename(guest)}', and no file of that name: ${suggestion}`;
  return new DvlabError([{ code: 'E-IMG-001', message, help: 'dvlab run --help' }]);
}
