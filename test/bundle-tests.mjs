// A test file loads some 800 modules, in a second; what it shares with others comes from a few files instead.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bin/build-state.mjs';
import { bundle, threadFiles } from '../bin/bundler.mjs';

const compiled = join(root, 'dist');
const tests = readdirSync(join(compiled, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js'))
  .map((file) => join(compiled, 'test', file));

await bundle({
  entryPoints: [...tests, ...threadFiles.map((file) => join(compiled, 'cli', file))],
  outbase: compiled,
  outdir: join(compiled, 'bundle'),
  external: ['ava', 'esbuild', 'fast-check', 'typescript'],
});
