import { readFileSync } from 'node:fs';
import { imageError, type NamedFile } from '../platforms/index.ts';

/** Reads a file that the user named, or what stands behind a descriptor. */
export function readFile(file: string | number): NamedFile {
  const name = typeof file === 'number' ? `descriptor ${String(file)}` : file;
  try {
    return { name, bytes: new Uint8Array(readFileSync(file)) };
  } catch {
    throw imageError('E-IMG-001', `cannot read '${name}'`);
  }
}
