// What `npm start` runs: builds what has changed since the last build, then takes the tour.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import process from 'node:process';
import { isBundleCurrent, root } from './build-state.mjs';

if (!isBundleCurrent()) {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-b', 'cli'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 70);
  await import('./bundle.mjs');
}
process.argv.splice(2, Infinity, 'tour');
await import('./dvlab.mjs');
