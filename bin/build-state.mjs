// Which of the sources, of what was compiled from them and of what was bundled of that is older than it should be.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const sourceFolders = ['hw', 'platforms', 'cli', 'sw'];
const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'];

/** The command line as compiled, and as bundled: some 600 modules in a few files, which load in less than half the time. */
export const compiledEntry = join(dist, 'cli', 'main.js');
export const bundledEntry = join(dist, 'program', 'cli', 'main.js');

const modifiedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function* filesOf(folder, suffix) {
  for (const path of readdirSync(join(root, folder), { recursive: true })) {
    if (path.endsWith(suffix)) yield join(folder, path);
  }
}

/** Pairs of a source and its compiled file; sources of the software images have none here. */
function compiledSources() {
  return sourceFolders
    .flatMap((folder) => [...filesOf(folder, '.ts')])
    .map((source) => [source, join(dist, source.replace(/\.ts$/, '.js'))])
    .filter(([, compiled]) => existsSync(compiled));
}

/** When a file was last compiled or found unchanged: the compiler then renews the record of its project. */
function builtAt(compiled) {
  let folder = dirname(compiled);
  while (folder !== root && !existsSync(join(folder, '.tsbuildinfo'))) folder = dirname(folder);
  return Math.max(modifiedAt(join(folder, '.tsbuildinfo')), modifiedAt(compiled));
}

/** What to load, and the path of a source that has changed since it was compiled, if there is one. */
export function findProgram() {
  const bundledAt = modifiedAt(bundledEntry);
  // an installed package holds no sources of the simulator
  const pairs = existsSync(join(root, 'tsconfig.json')) ? compiledSources() : [];
  const stale = pairs.find(([source, compiled]) => {
    return modifiedAt(join(root, source)) > builtAt(compiled);
  });
  const isBundled =
    bundledAt > 0 && pairs.every(([, compiled]) => modifiedAt(compiled) <= bundledAt);
  return { entry: isBundled ? bundledEntry : compiledEntry, stale: stale?.[0] };
}

/** Whether nothing that the bundled program is made from has changed since. */
export function isBundleCurrent() {
  const bundledAt = modifiedAt(bundledEntry);
  const made = sourceFolders.flatMap((folder) => [
    ...filesOf(folder, '.ts'),
    ...filesOf(folder, 'tsconfig.json'),
  ]);
  return [...made, ...settings].every((file) => modifiedAt(join(root, file)) < bundledAt);
}
