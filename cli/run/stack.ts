import type { ExitStatus } from '../exit-code.ts';
import { DvlabError } from '../../platforms/index.ts';
import type { Output } from '../output.ts';
import type { RunOptions } from './run-options.ts';
export async function runStack(
  _given: string,
  _options: RunOptions & { readonly stack: string; readonly guest: string },
  _output: Output,
): Promise<ExitStatus> {
  throw new DvlabError([{ code: 'E-USE-002', message: 'not yet' }]);
}
