import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImageDescription } from '../../sw/toolchain/index.ts';
import { packageRoot } from '../bundled.ts';

/** Folder of an image's sources, below the package: `sw/host`, `sw/guest/measure`. */
export type ImageFolder = `sw/${string}`;

/** The folder of a guest by its name. */
export const guestFolder = (name: string): ImageFolder => `sw/guest/${name}`;

/** The compiled module that describes the image of a folder. */
export function descriptionModule(folder: ImageFolder): string {
  return join(packageRoot, 'dist', folder, `${nameOf(folder)}.image.js`);
}

/** Names of the guests that the package brings along. */
export function guestNames(): readonly string[] {
  const folder = join(packageRoot, 'dist', 'sw', 'guest');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(descriptionModule(guestFolder(name))))
    .toSorted();
}

/** Loads the description of the image of a folder: the export that bears the folder's name. */
export async function loadDescription(folder: ImageFolder): Promise<ImageDescription> {
  const module = (await import(pathToFileURL(descriptionModule(folder)).href)) as object;
  const images = Object.values(module) as ImageDescription[];
  const found = images.find(({ name }) => name === nameOf(folder));
  if (found === undefined) throw new Error(`${folder}: no image '${nameOf(folder)}' is exported`);
  return found;
}

function nameOf(folder: ImageFolder): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}
