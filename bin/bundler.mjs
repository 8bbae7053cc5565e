// How modules become bundles: of the command line (bundle.mjs) and of the tests (test/bundle-tests.mjs).
import { build } from 'esbuild';
import { rmSync } from 'node:fs';

/** Below the folder of the compiled command line: what its threads and processes run. */
export const threadFiles = ['build/build-process.js', 'reproduce/measure-worker.js'];

/** Replaces `outdir` by bundles of compiled modules, which keep their places below `outbase`; what they share is in files of its own. */
export async function bundle({ entryPoints, outbase, outdir, external = [] }) {
  rmSync(outdir, { recursive: true, force: true });
  await build({
    ...{ entryPoints, outbase, outdir },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // bundled CommonJS modules ask for those of Node
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    external: ['assemblyscript', 'binaryen', ...external],
  });
}
