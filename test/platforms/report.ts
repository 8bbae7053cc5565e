import { readFileSync } from 'node:fs';
import { DvlabError, loadPlatform, type LoadOptions } from '../../platforms/index.ts';
import { inProject } from '../harness/project-root.ts';

/** Reads a file by its path from the project's root, whatever the working directory is. */
export const readFromProject = (path: string): string => readFileSync(inProject(path), 'utf8');

/** What the user is told about a platform file; an empty text if nothing is wrong with it. */
export function reportOf(path: string, options: LoadOptions = {}): string {
  try {
    loadPlatform(path, { readText: readFromProject, ...options });
    return '';
  } catch (error) {
    if (!(error instanceof DvlabError)) throw error;
    return `${error.message}\n`;
  }
}
