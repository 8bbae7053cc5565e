import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Blob, ImageDescription } from '../../sw/toolchain/index.ts';
import { packageRoot } from '../bundled.ts';
import { descriptionModule, type ImageFolder } from './image-catalog.ts';

/** Imports of relative modules, in TypeScript, AssemblyScript and JavaScript alike. */
const importPattern = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g;

/** A source, and the paths of what it imports. */
interface SourceFile {
  readonly bytes: Uint8Array;
  readonly imports: readonly string[];
}

/** Names what images are made from. Files that several of them have in common are read once. */
export class ContentHasher {
  readonly #files = new Map<string, SourceFile>();

  /**
   * A name for everything that an image is made from: its sources with all they import, its description with the macro
   * assembly and the compiler behind it, and the compiler's version. The same name means the same bytes.
   */
  hash(folder: ImageFolder, description: ImageDescription): string {
    const files = new Set<string>();
    this.#collect(descriptionModule(folder), files);
    this.#collectSources(description, files);
    const hash = createHash('sha256');
    hash.update(compilerVersion());
    for (const file of [...files].toSorted()) {
      hash.update(`${relative(packageRoot, file)}\0`);
      hash.update(this.#read(file)?.bytes ?? readFileSync(file));
    }
    return hash.digest('hex').slice(0, 16);
  }

  #collectSources(description: ImageDescription, files: Set<string>): void {
    for (const source of description.sources) this.#collect(join(packageRoot, source), files);
    for (const source of Object.values(description.substitutes ?? {})) {
      this.#collect(join(packageRoot, source), files);
    }
    for (const blob of Object.values<Blob>(description.blobs ?? {})) {
      if ('image' in blob) this.#collectSources(blob.image, files);
      if ('file' in blob) files.add(join(packageRoot, blob.file));
    }
  }

  #collect(path: string, files: Set<string>): void {
    if (files.has(path)) return;
    const file = this.#read(path);
    if (file === undefined) return;
    files.add(path);
    for (const imported of file.imports) this.#collect(imported, files);
  }

  /** A source, or undefined where there is none. */
  #read(path: string): SourceFile | undefined {
    const known = this.#files.get(path);
    if (known !== undefined || !existsSync(path)) return known;
    const bytes = readFileSync(path);
    const imports = [...bytes.toString('utf8').matchAll(importPattern)].map(([, target = '']) =>
      resolve(dirname(path), target),
    );
    const file = { bytes, imports };
    this.#files.set(path, file);
    return file;
  }
}

function compilerVersion(): string {
  const manifest = join(packageRoot, 'node_modules', 'assemblyscript', 'package.json');
  return existsSync(manifest) ? readFileSync(manifest, 'utf8') : '';
}
