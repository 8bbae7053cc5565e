// Bundles the compiled command line with what its threads and processes run; dvlab takes that while it is not older.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundledEntry, compiledEntry } from './build-state.mjs';

const compiled = dirname(compiledEntry);
const outdir = join(dirname(bundledEntry), '..');

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: ['main.js', 'build/build-process.js', 'reproduce/measure-worker.js'].map((file) =>
    join(compiled, file),
  ),
  outbase: join(compiled, '..'),
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
  external: ['assemblyscript', 'binaryen'],
});
