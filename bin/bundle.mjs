// Bundles the compiled command line with what its threads and processes run; dvlab takes that while it is not older.
import { dirname, join } from 'node:path';
import { bundledEntry, compiledEntry } from './build-state.mjs';
import { bundle, threadFiles } from './bundler.mjs';

const compiled = dirname(compiledEntry);

await bundle({
  entryPoints: ['main.js', ...threadFiles].map((file) => join(compiled, file)),
  outbase: join(compiled, '..'),
  outdir: join(dirname(bundledEntry), '..'),
});
