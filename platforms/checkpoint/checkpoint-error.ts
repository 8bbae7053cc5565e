import type { Diagnostic } from '../source/diagnostic.ts';
import { DvlabError } from '../source/dvlab-error.ts';

/** A checkpoint that cannot be made, read or restored. */
export function checkpointError(
  code: `E-CKP-${string}`,
  message: string,
  more: Pick<Diagnostic, 'origin' | 'label' | 'notes' | 'help'> = {},
): DvlabError {
  return new DvlabError([{ code, message, ...more }]);
}
