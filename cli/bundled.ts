import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { projectRoot } from '../sw/toolchain/image/project-root.ts';

/** The package's folder. */
export const packageRoot = projectRoot();

/** Folder of the build that is running: `dist`, or that of a bundle below it. */
function buildFolder(): string {
  const dist = join(packageRoot, 'dist');
  const [first = ''] = relative(dist, fileURLToPath(import.meta.url)).split(sep);
  return first === 'cli' ? dist : join(dist, first);
}

/** What a thread or process of its own runs: a file below `cli`, of the build that is running. */
export function threadFile(path: string): URL {
  return pathToFileURL(join(buildFolder(), 'cli', path));
}

/** The runs whose counts the package guards. */
export const bundledSuite = join(packageRoot, 'baselines', 'suite.yaml');

/** The path of a platform: as given, or one of the package's own by its bare name. */
export function platformPath(given: string): string {
  if (existsSync(given) || given.includes('/') || given.endsWith('.yaml')) return given;
  const bundled = join(packageRoot, 'platforms', `${given}.yaml`);
  return existsSync(bundled) ? relative(process.cwd(), bundled) : given;
}

/** The package's version. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}
