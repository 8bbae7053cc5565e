import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, found from the compiled test's place (`dist/test/harness`). */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** An absolute path below the project's root. */
export const inProject = (...parts: readonly string[]): string => join(projectRoot, ...parts);
