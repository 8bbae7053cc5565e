import { mkdirSync, readFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DvlabError, type NamedFile } from '../../platforms/index.ts';
import { packageRoot, threadFile } from '../bundled.ts';
import type { Output } from '../output.ts';
import { claim } from './build-lock.ts';
import type { BuildAnswer } from './build-worker.ts';
import { contentHash } from './content-hash.ts';
import { loadDescription, type ImageFolder } from './image-catalog.ts';

const cacheFolder = join(packageRoot, '.cache', 'images');

/** Gives the ELF files of images, in the given order; those whose sources changed are compiled, in parallel. */
export async function buildImages(
  folders: readonly ImageFolder[],
  output: Output,
): Promise<NamedFile[]> {
  const files = await Promise.all(
    folders.map(async (folder) => cacheFile(folder, await loadDescription(folder))),
  );
  const stale = folders.filter((_, index) => !existsSync(files[index] ?? ''));
  if (stale.length > 0) output.remark(`compiling ${stale.join(', ')} …\n`);
  const queue = [...stale];
  const buildNext = async (): Promise<void> => {
    for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
      await buildOnce(folder, files[folders.indexOf(folder)] ?? '');
    }
  };
  const threadCount = Math.min(stale.length, availableParallelism());
  await Promise.all(Array.from({ length: threadCount }, buildNext));
  return folders.map((folder, index) => {
    return { name: folder, bytes: new Uint8Array(readFileSync(files[index] ?? '')) };
  });
}

function cacheFile(
  folder: ImageFolder,
  description: Awaited<ReturnType<typeof loadDescription>>,
): string {
  return join(cacheFolder, `${description.name}-${contentHash(folder, description)}.elf`);
}

/** Builds an image into its file, unless somebody else is doing that already; it appears whole or not at all. */
async function buildOnce(folder: ImageFolder, file: string): Promise<void> {
  mkdirSync(cacheFolder, { recursive: true });
  const release = await claim(file);
  if (release === undefined) return;
  try {
    const partial = `${file}.partial`;
    writeFileSync(partial, await buildInThread(folder));
    renameSync(partial, file);
  } finally {
    release();
  }
}

async function buildInThread(folder: ImageFolder): Promise<Uint8Array> {
  const answer = await new Promise<BuildAnswer>((resolve, reject) => {
    const worker = new Worker(threadFile('build/build-worker.js'), {
      workerData: folder,
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if ('elf' in answer) return answer.elf;
  if (!answer.isDiagnosis) throw new Error(`building ${folder}: ${answer.stack}`);
  throw new DvlabError([
    { code: 'E-IMG-010', message: `cannot compile ${folder}: ${answer.message}` },
  ]);
}
