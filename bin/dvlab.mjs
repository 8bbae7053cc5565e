#!/usr/bin/env node
// Starts the compiled command line, and says what to run when it is missing or older than its sources.
import { existsSync } from 'node:fs';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { findProgram } from './build-state.mjs';

// Whoever reads the output may stop early, as `head` does.
process.stdout.on('error', (error) => {
  process.exit(error.code === 'EPIPE' ? 0 : 70);
});
process.on('uncaughtException', (error) => {
  process.stderr.write(`internal error[E-BUG]: ${error.stack ?? error}\n`);
  process.exit(70);
});

const { entry, stale } = findProgram();
if (!existsSync(entry)) {
  process.stderr.write('dvlab is not built yet.  Run: npm run build\n');
  process.exit(2);
}
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
