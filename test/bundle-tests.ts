import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './harness/project-root.ts';

// A test file loads some 800 modules, in a second; what it shares with others comes from a few files instead.
const compiled = join(projectRoot, 'dist');
const outdir = join(compiled, 'bundle');

// what the tests' threads and processes run
const threads = ['build/build-process.js', 'reproduce/measure-worker.js'].map((file) =>
  join(compiled, 'cli', file),
);
const tests = readdirSync(join(compiled, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js'))
  .map((file) => join(compiled, 'test', file));

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: [...tests, ...threads],
  outbase: compiled,
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // bundled CommonJS modules ask for those of Node
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  external: ['assemblyscript', 'ava', 'binaryen', 'esbuild', 'fast-check', 'typescript'],
});
