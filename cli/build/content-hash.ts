import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Blob, ImageDescription } from '../../sw/toolchain/index.ts';
import { packageRoot } from '../bundled.ts';
import { descriptionModule, type ImageFolder } from './image-catalog.ts';

/** Imports of relative modules, in TypeScript, AssemblyScript and JavaScript alike. */
const importPattern = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g;

/**
 * A name for everything that an image is made from: its sources with all they import, its description with the macro
 * assembly and the compiler behind it, and the compiler's version. The same name means the same bytes.
 */
export function contentHash(folder: ImageFolder, description: ImageDescription): string {
  const files = new Set<string>();
  collect(descriptionModule(folder), files);
  collectSources(description, files);
  const hash = createHash('sha256');
  hash.update(compilerVersion());
  for (const file of [...files].toSorted()) {
    hash.update(`${relative(packageRoot, file)}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

function collectSources(description: ImageDescription, files: Set<string>): void {
  for (const source of description.sources) collect(join(packageRoot, source), files);
  for (const source of Object.values(description.substitutes ?? {})) {
    collect(join(packageRoot, source), files);
  }
  for (const blob of Object.values<Blob>(description.blobs ?? {})) {
    if ('image' in blob) collectSources(blob.image, files);
    if ('file' in blob) files.add(join(packageRoot, blob.file));
  }
}

function collect(file: string, files: Set<string>): void {
  if (files.has(file) || !existsSync(file)) return;
  files.add(file);
  for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(importPattern)) {
    collect(resolve(dirname(file), target), files);
  }
}

function compilerVersion(): string {
  const manifest = join(packageRoot, 'node_modules', 'assemblyscript', 'package.json');
  return existsSync(manifest) ? readFileSync(manifest, 'utf8') : '';
}
