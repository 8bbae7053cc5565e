import { mkdirSync, readFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DvlabError, type NamedFile } from '../../platforms/index.ts';
import type { ImageDescription } from '../../sw/toolchain/index.ts';
import { packageRoot } from '../bundled.ts';
import type { Output } from '../output.ts';
import { claim } from './build-lock.ts';
import { buildInProcess } from './build-pool.ts';
import { ContentHasher } from './content-hash.ts';
import { loadDescription, type ImageFolder } from './image-catalog.ts';

/** Folder of the images that have been compiled, by what they were compiled from. */
export const imageCache = join(packageRoot, '.cache', 'images');

/** Files that this process has ordered, and is not done with. */
const ordered = new Map<string, Promise<void>>();

/** An image that has been ordered. */
interface OrderedImage {
  readonly file: string;
  /** Ends once the file is there. */
  readonly building: Promise<void>;
}

/** Gives the ELF files of images, in the given order; those whose sources changed are compiled, in parallel. */
export async function buildImages(
  folders: readonly ImageFolder[],
  output: Output,
): Promise<NamedFile[]> {
  const images = await orderImages(folders, output);
  await Promise.all([...images.values()].map(({ building }) => building));
  return folders.map((folder) => {
    return { name: folder, bytes: new Uint8Array(readFileSync(images.get(folder)?.file ?? '')) };
  });
}

/** Has those of some images compiled whose sources changed, in parallel and begun in the given order, and does not wait for them. */
export async function orderImages(
  folders: readonly ImageFolder[],
  output: Output,
): Promise<ReadonlyMap<ImageFolder, OrderedImage>> {
  const descriptions = await Promise.all(folders.map(loadDescription));
  const hasher = new ContentHasher();
  const images = folders.flatMap((folder, index) => {
    const description = descriptions[index];
    return description === undefined
      ? []
      : [{ folder, file: cacheFile(folder, description, hasher) }];
  });
  const unordered = images.filter(({ file }) => !existsSync(file) && !ordered.has(file));
  if (unordered.length > 0) {
    output.remark(`compiling ${unordered.map(({ folder }) => folder).join(', ')} …\n`);
  }
  return new Map(
    images.map(({ folder, file }) => {
      const building = existsSync(file) ? Promise.resolve() : order(folder, file);
      building.catch(() => undefined); // for whoever waits for it, if anybody does
      return [folder, { file, building }];
    }),
  );
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
  description: ImageDescription,
  hasher: ContentHasher,
): string {
  return join(imageCache, `${description.name}-${hasher.hash(folder, description)}.elf`);
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
