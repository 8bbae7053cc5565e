import test from 'ava';
import { readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../harness/project-root.ts';

/** Modules that make machines for tests. */
const machines = /from '.*\/(?:machine|guest-machine|guest-harts|run-to-break|scene)\.ts'/;

test('every suite that executes programs runs on every engine', (t) => {
  const list = ['suites.ts', 'scenes.ts']
    .map((name) => readFileSync(inProject('test', 'engines', name), 'utf8'))
    .join('');
  const suites = ['hw/hart', 'timing'].flatMap((folder) =>
    readdirSync(inProject('test', folder))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name}`)
      .filter((name) => {
        const text = readFileSync(inProject('test', name), 'utf8');
        return machines.test(text) && !text.includes('of engineNames');
      }),
  );
  t.deepEqual(
    suites.filter((name) => !list.includes(`'../${name}'`)),
    [],
  );
});
