import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../sw/toolchain/image/project-root.ts';

/** The package's folder. */
export const packageRoot = projectRoot();

/** What a thread or process of its own runs: a file below `cli`, as compiled. */
export function threadFile(path: string): URL {
  return pathToFileURL(join(packageRoot, 'dist', 'cli', path));
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
