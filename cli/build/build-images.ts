import { mkdirSync, readFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DvlabError, type NamedFile } from '../../platforms/index.ts';
import { packageRoot } from '../bundled.ts';
import type { Output } from '../output.ts';
import { claim } from './build-lock.ts';
import { buildInProcess } from './build-pool.ts';
import { contentHash } from './content-hash.ts';
import { loadDescription, type ImageFolder } from './image-catalog.ts';

/** Folder of the images that have been compiled, by what they were compiled from. */
export const imageCache = join(packageRoot, '.cache', 'images');

/** Files that this process has ordered, and is not done with. */
const ordered = new Map<string, Promise<void>>();

/** Gives the ELF files of images, in the given order; those whose sources changed are compiled, in parallel. */
export async function buildImages(
  folders: readonly ImageFolder[],
  output: Output,
): Promise<NamedFile[]> {
  const files = await Promise.all(
    folders.map(async (folder) => cacheFile(folder, await loadDescription(folder))),
  );
  const stale = folders.flatMap((folder, index) => {
    const file = files[index] ?? '';
    return existsSync(file) ? [] : [{ folder, file }];
  });
  const unordered = stale.filter(({ file }) => !ordered.has(file));
  if (unordered.length > 0) {
    output.remark(`compiling ${unordered.map(({ folder }) => folder).join(', ')} …\n`);
  }
  await Promise.all(stale.map(({ folder, file }) => order(folder, file)));
  return folders.map((folder, index) => {
    return { name: folder, bytes: new Uint8Array(readFileSync(files[index] ?? '')) };
  });
}

/** Has a file built, unless that has been ordered already. */
function order(folder: ImageFolder, file: string): Promise<void> {
  const building =
    ordered.get(file) ?? buildOnce(folder, file).finally(() => void ordered.delete(file));
  ordered.set(file, building);
  return building;
}

function cacheFile(
  folder: ImageFolder,
  description: Awaited<ReturnType<typeof loadDescription>>,
): string {
  return join(imageCache, `${description.name}-${contentHash(folder, description)}.elf`);
}

/** Builds an image into its file, unless somebody else is doing that already; it appears whole or not at all. */
async function buildOnce(folder: ImageFolder, file: string): Promise<void> {
  mkdirSync(imageCache, { recursive: true });
  const release = await claim(file);
  if (release === undefined) return;
  try {
    const partial = `${file}.partial`;
    writeFileSync(partial, await bytesOf(folder));
    renameSync(partial, file);
  } finally {
    release();
  }
}

async function bytesOf(folder: ImageFolder): Promise<Uint8Array> {
  const answer = await buildInProcess(folder);
  if ('elf' in answer) return answer.elf;
  if (!answer.isDiagnosis) throw new Error(`building ${folder}: ${answer.stack}`);
  throw new DvlabError([
    { code: 'E-IMG-010', message: `cannot compile ${folder}: ${answer.message}` },
  ]);
}
