import test from 'ava';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../harness/project-root.ts';

const skipped = new Set(['node_modules', 'dist', 'out', '.git', '.cache', 'coverage']);

function* sourceFiles(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    if (skipped.has(name)) continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sourceFiles(path);
    else if (/\.(ts|mjs|cjs|js|json|ya?ml|md)$/.test(name)) yield path;
  }
}

test('no source file names a folder of the machine it was written on', (t) => {
  const machinePath = new RegExp(
    String.raw`(^|[\s'"(=])/(${['home', 'root', 'work'].join('|')})/[a-z]`,
  );
  const offenders = [...sourceFiles(projectRoot)].filter((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .some((line) => machinePath.test(line)),
  );
  t.deepEqual(offenders, []);
});

test('the model reads neither wall clock, randomness nor environment', (t) => {
  const offenders = ['hw', 'sw'].flatMap((layer) =>
    [...sourceFiles(join(projectRoot, layer))]
      .filter((file) => file.endsWith('.ts') && !file.includes(join('sw', 'toolchain')))
      .filter((file) =>
        /\bDate\.now\b|\bnew Date\b|\bMath\.random\b|\bprocess\.env\b|\bperformance\.now\b/.test(
          readFileSync(file, 'utf8'),
        ),
      ),
  );
  t.deepEqual(offenders, []);
});
