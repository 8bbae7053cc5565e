import { readFileSync } from 'node:fs';
import { imageError, type NamedFile } from '../platforms/index.ts';

/** Reads a file that the user named. */
export function readFile(name: string): NamedFile {
  try {
    return { name, bytes: new Uint8Array(readFileSync(name)) };
  } catch {
    throw imageError('E-IMG-001', `cannot read '${name}'`);
  }
}
