import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltImage } from './built-image.ts';
import { dataBaseOf, type Blob, type ImageDescription } from './image-description.ts';
import { linkImage } from './link-image.ts';
import { generateProgram } from './program-code.ts';
import { projectRoot } from './project-root.ts';
import { StaticData } from './static-data.ts';

/** Where sources come from. */
export interface BuildOptions {
  /** The project's folder; found from the toolchain's own place if it is not given. */
  readonly root?: string;
  /** Sources that no file holds, by path from the root. */
  readonly texts?: ReadonlyMap<string, string>;
}

async function bytesOf(blob: Blob, root: string): Promise<Uint8Array> {
  if ('bytes' in blob) return blob.bytes;
  if ('file' in blob) return readFileSync(join(root, blob.file));
  return (await buildImage(blob.image, { root })).elf;
}

function substitutesOf({ substitutes = {} }: ImageDescription, root: string): [string, string][] {
  return Object.entries(substitutes).map(([path, other]) => [
    path,
    readFileSync(join(root, other), 'utf8'),
  ]);
}

/** Compiles, assembles and links an image. The same sources give the same bytes. */
export async function buildImage(
  description: ImageDescription,
  { root = projectRoot(), texts }: BuildOptions = {},
): Promise<BuiltImage> {
  const blobs = new Map<string, Uint8Array>();
  for (const [name, blob] of Object.entries(description.blobs ?? {})) {
    blobs.set(name, await bytesOf(blob, root));
  }
  // loading the compiler takes a second, which whoever only needs a description need not wait for
  const { compileSources } = await import('../front/compile-sources.ts');
  const entries = description.sources;
  const compiled = compileSources({
    ...{ root, entries, dataBase: dataBaseOf(description) },
    texts: new Map([...substitutesOf(description, root), ...(texts ?? [])]),
  });
  const data = new StaticData(compiled.data, compiled.dataEnd);
  const code = generateProgram(description, compiled, data);
  return linkImage(description, { code, module: compiled.module, data, blobs });
}
