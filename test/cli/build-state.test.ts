import test from 'ava';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inProject } from '../harness/project-root.ts';
import { scratch } from './command-line.ts';

/** Hours at which the files of a project were written. */
interface Written {
  readonly source: number;
  readonly compiled: number;
  readonly bundled?: number;
  /** Another source, which nothing was compiled from. */
  readonly added?: number;
}

/** A project whose program prints which of its files it is. */
function projectOf({ source, compiled, bundled, added }: Written): string {
  const root = scratch('project');
  const write = (path: string, hour: number, text = ''): void => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, hour * 3600, hour * 3600);
  };
  const program = (name: string) =>
    `export const main = () => { console.log('${name}'); return 0; };`;
  cpSync(inProject('bin'), join(root, 'bin'), { recursive: true });
  for (const folder of ['hw', 'platforms', 'sw'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json']) write(file, 1);
  write('cli/main.ts', source);
  write('dist/cli/main.js', compiled, program('compiled'));
  if (bundled !== undefined) write('dist/program/cli/main.js', bundled, program('bundled'));
  if (added !== undefined) write('sw/added.ts', added);
  return root;
}

const started = test.macro<[written: Written, expected: { prints: string; isNoted: boolean }]>({
  exec: (t, written, expected) => {
    const command = [join(projectOf(written), 'bin', 'dvlab.mjs')];
    const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
    t.deepEqual(
      { prints: stdout.trim(), isNoted: stderr.includes('cli/main.ts is newer') },
      expected,
      stderr,
    );
  },
  title: (what) => `dvlab starts ${what ?? ''}`,
});

test(
  'the bundle',
  started,
  { source: 2, compiled: 3, bundled: 4 },
  { prints: 'bundled', isNoted: false },
);
test(
  'what was compiled where there is no bundle',
  started,
  { source: 2, compiled: 3 },
  { prints: 'compiled', isNoted: false },
);
test(
  'what was compiled since the bundle',
  started,
  { source: 2, compiled: 5, bundled: 4 },
  { prints: 'compiled', isNoted: false },
);
test(
  'the bundle of what was compiled, and says so, while the source is newer',
  started,
  { source: 5, compiled: 3, bundled: 4 },
  { prints: 'bundled', isNoted: true },
);

const current = test.macro<[written: Written, expected: boolean]>({
  exec: async (t, written, expected) => {
    const module = pathToFileURL(join(projectOf(written), 'bin', 'build-state.mjs')).href;
    const { isBundleCurrent } = (await import(module)) as { isBundleCurrent: () => boolean };
    t.is(isBundleCurrent(), expected);
  },
  title: (what) => `npm start ${what ?? ''}`,
});

test(
  'builds nothing while no source has changed since',
  current,
  { source: 2, compiled: 3, bundled: 4 },
  true,
);
test('builds where there is no bundle', current, { source: 2, compiled: 3 }, false);
test('builds what has changed', current, { source: 5, compiled: 3, bundled: 4 }, false);
test(
  'builds where a source has been added',
  current,
  { source: 2, compiled: 3, bundled: 4, added: 5 },
  false,
);
