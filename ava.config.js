import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

// A test file is over in seconds, in which V8 optimises what is soon not needed any more; files are threads of this
// process. The budget is in bytes of bytecode, and known to these major versions.
if ([11, 12, 13].includes(Number.parseInt(process.versions.v8))) {
  setFlagsFromString('--interrupt-budget=1000000');
}

export default {
  files: ['test/**/*.test.ts'],
  typescript: { rewritePaths: { 'test/': 'dist/test/' }, compile: false },
  timeout: '120s',
};
