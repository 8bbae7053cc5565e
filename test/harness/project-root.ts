import { join } from 'node:path';
import { projectRoot as findProjectRoot } from '../../sw/toolchain/image/project-root.ts';

/** The folder that holds package.json. */
export const projectRoot = findProjectRoot();

/** An absolute path below the project's root. */
export const inProject = (...parts: readonly string[]): string => join(projectRoot, ...parts);
