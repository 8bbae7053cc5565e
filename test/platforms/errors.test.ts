import test from 'ava';
import { readdirSync } from 'node:fs';
import { inProject } from '../harness/project-root.ts';
import { readFromProject, reportOf } from './report.ts';

// One platform file per mistake, with the exact text that the user sees beside it.
const folder = 'test/platforms/errors';
const cases = readdirSync(inProject(folder))
  .filter((name) => /^[^.]+\.yaml$/.test(name))
  .map((name) => name.replace('.yaml', ''));

for (const name of cases) {
  test(`a platform with the mistake '${name.replaceAll('-', ' ')}' is refused with its message`, (t) => {
    const report = reportOf(`${folder}/${name}.yaml`);
    t.is(report, readFromProject(`${folder}/${name}.txt`));
    t.regex(report, /^error\[E-CFG-\d{3}\]: /);
  });
}

test('every mistake of a file is reported at once', (t) => {
  const codes = reportOf(`${folder}/several-mistakes.yaml`).match(/E-CFG-\d{3}/g);
  t.deepEqual(
    codes,
    ['004', '005', '003', '004', '007', '017', '021'].map((code) => `E-CFG-${code}`),
  );
});

test('a platform file that does not exist is named', (t) => {
  t.is(
    reportOf('platforms/nowhere.yaml'),
    "error[E-IMG-001]: cannot read 'platforms/nowhere.yaml'\n",
  );
});
