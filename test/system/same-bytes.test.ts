import test from 'ava';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { inProject } from '../harness/project-root.ts';
import { scratch } from '../cli/command-line.ts';

/** A second copy of the built project, so that every path differs that compiler and simulator could see; it has no cache. */
function copyOfProject(): string {
  const folder = scratch('copy');
  mkdirSync(folder, { recursive: true });
  for (const part of ['bin', 'dist', 'platforms', 'sw', 'package.json']) {
    cpSync(inProject(part), join(folder, part), { recursive: true });
  }
  symlinkSync(inProject('node_modules'), join(folder, 'node_modules'));
  return folder;
}

function measureIn(project: string): string {
  const out = join(scratch('out'), 'run');
  const command = ['bin/dvlab.mjs', 'run', 'platforms/duvisor-2hart.yaml', '--stack', 'duvisor'];
  const { status, stderr } = spawnSync(
    process.execPath,
    [...command, '--guest', 'measure', '--out', out],
    { cwd: project, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return out;
}

test('a run in another folder leaves the same bytes', (t) => {
  t.timeout(240_000);
  const here = measureIn(inProject());
  const there = measureIn(copyOfProject());
  const names = readdirSync(here).filter((name) => name !== 'manifest.json');
  t.true(names.includes('stats.json'));
  for (const name of names) {
    t.is(readFileSync(join(there, name), 'utf8'), readFileSync(join(here, name), 'utf8'), name);
  }
});
