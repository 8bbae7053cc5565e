import { DvlabError } from '../source/dvlab-error.ts';

/** A fault of an image file, told with the file's name. */
export function imageError(code: `E-IMG-${string}`, message: string, help?: string): DvlabError {
  return new DvlabError([{ code, message, help }]);
}
