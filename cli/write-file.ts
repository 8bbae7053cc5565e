import { writeFileSync } from 'node:fs';
import { imageError } from '../platforms/index.ts';

/** Writes a file that the user named. */
export function writeFile(name: string, contents: string | Uint8Array): void {
  try {
    writeFileSync(name, contents);
  } catch (error) {
    throw cannotWrite(name, error);
  }
}

/** The message for a file that cannot be written. */
export function cannotWrite(name: string, error: unknown): Error {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return imageError('E-IMG-007', `cannot write '${name}' (${reason})`);
}
