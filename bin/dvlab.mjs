#!/usr/bin/env node
// Starts the compiled command line, and says what to run when it is missing or older than its sources.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const entry = join(root, 'dist', 'cli', 'main.js');
const sourceFolders = ['hw', 'platforms', 'cli', 'sw'];

/** When a file was last compiled or found unchanged: the compiler then renews the record of its project. */
function builtAt(compiled) {
  let folder = dirname(compiled);
  while (folder !== root && !existsSync(join(folder, '.tsbuildinfo'))) folder = dirname(folder);
  const record = join(folder, '.tsbuildinfo');
  const recorded = existsSync(record) ? statSync(record).mtimeMs : 0;
  return Math.max(recorded, statSync(compiled).mtimeMs);
}

/** Path of a source whose compiled file is older, or undefined. */
function staleSource() {
  if (!existsSync(join(root, 'tsconfig.json'))) return undefined;
  for (const folder of sourceFolders) {
    for (const path of readdirSync(join(root, folder), { recursive: true })) {
      if (!path.endsWith('.ts')) continue;
      const compiled = join(root, 'dist', folder, path.replace(/\.ts$/, '.js'));
      // Sources of the software images have no compiled file here.
      if (!existsSync(compiled)) continue;
      if (statSync(join(root, folder, path)).mtimeMs > builtAt(compiled)) return join(folder, path);
    }
  }
  return undefined;
}

// Whoever reads the output may stop early, as `head` does.
process.stdout.on('error', (error) => {
  process.exit(error.code === 'EPIPE' ? 0 : 70);
});
process.on('uncaughtException', (error) => {
  process.stderr.write(`internal error[E-BUG]: ${error.stack ?? error}\n`);
  process.exit(70);
});

if (!existsSync(entry)) {
  process.stderr.write('dvlab is not built yet.  Run: npm run build\n');
  process.exit(2);
}
const stale = staleSource();
if (stale !== undefined) {
  process.stderr.write(
    `note: ${stale} is newer than what was built from it.  Run: npm run build\n`,
  );
}
// Most commands are over in seconds, in which V8 optimises what is soon not needed any more; what is in use for long it
// still finds. The budget is in bytes of bytecode, and known to these major versions.
if ([11, 12, 13].includes(Number.parseInt(process.versions.v8))) {
  setFlagsFromString('--interrupt-budget=600000');
}
const { main } = await import(entry);
process.exitCode = await main(process.argv.slice(2));
