import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompileError } from '../diagnostics/compile-error.ts';
import { absentRuntime, absentRuntimeModule } from './absent-runtime.ts';
import { standardLibrary } from './assemblyscript.ts';
import { generatedModules } from './generated-modules.ts';

const libraryPrefix = '~lib/';

/** Library modules that are ours: the compiler calls them for `memory.copy` and `memory.fill`. */
const replacedModules: Readonly<Record<string, string>> = {
  'util/memory': 'sw/shared/memory-routines.ts',
};

/** Finds the text of the modules that a compilation asks for. */
export class SourceFiles {
  readonly #root: string;
  readonly #texts: ReadonlyMap<string, string>;

  /** `root` is the project's folder; paths of sources are relative to it. `texts` are sources that no file holds. */
  constructor(root: string, texts: ReadonlyMap<string, string> = new Map()) {
    this.#root = root;
    this.#texts = texts;
  }

  /** Text of a source given by its path from the root. */
  read(path: string): string {
    const text = this.#texts.get(path);
    if (text !== undefined) return text;
    const file = join(this.#root, path);
    if (!existsSync(file)) throw new CompileError(`source ${path} does not exist`);
    return readFileSync(file, 'utf8');
  }

  /** Text of an imported module, by its path without extension; null if there is none. */
  module(path: string): string | null {
    if (path.startsWith(libraryPrefix)) return this.#library(path.slice(libraryPrefix.length));
    for (const candidate of [`${path}.ts`, `${path}/index.ts`]) {
      if (this.#texts.has(candidate) || existsSync(join(this.#root, candidate))) {
        return this.read(candidate);
      }
    }
    return null;
  }

  #library(name: string): string | null {
    const replaced = replacedModules[name];
    if (replaced !== undefined) return this.read(replaced);
    if (name === `rt/${absentRuntimeModule}`) return absentRuntime;
    const generated = generatedModules[name];
    if (generated) return generated();
    return standardLibrary[name] ?? standardLibrary[`${name}/index`] ?? null;
  }
}

/** Library modules that declare the language's globals; all of them are parsed, as the compiler expects. */
export const globalLibraryModules: readonly string[] = Object.keys(standardLibrary).filter(
  (name) => !name.includes('/'),
);

/** The library module that says which runtime is in use. */
export const runtimeModule = 'rt/index-stub';
