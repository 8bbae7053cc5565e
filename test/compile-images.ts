import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildImages } from '../cli/build/build-images.ts';
import type { ImageFolder } from '../cli/build/image-catalog.ts';
import { inProject } from './harness/project-root.ts';

// A test that finds no image compiles it in a process that loads the compiler for it, while others wait; here two
// processes load it once and compile all, those of the most sources first.
const filesBelow = (folder: string): string[] =>
  readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' });

const folders = filesBelow('dist/sw')
  .filter((file) => basename(file) === `${basename(dirname(file))}.image.js`)
  .map((file): ImageFolder => `sw/${dirname(file)}`);

const sourceBytes = (folder: ImageFolder): number =>
  filesBelow(folder).reduce((sum, file) => sum + statSync(inProject(join(folder, file))).size, 0);

await buildImages(
  folders.toSorted((one, other) => sourceBytes(other) - sourceBytes(one)),
  {
    result: () => undefined,
    remark: (text) => process.stderr.write(text),
    isTerminal: false,
  },
);
