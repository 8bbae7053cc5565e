/** A file of a RAM file system. */
export interface ArchiveFile {
  /** Path below the root, without a leading slash: `etc/init`. */
  readonly path: string;
  readonly contents: Uint8Array;
  readonly isExecutable?: boolean;
}

const directoryMode = 0o040_755;
const fileMode = 0o100_644;
const executableMode = 0o100_755;
const trailer = 'TRAILER!!!';

/** Writes a cpio archive in the "newc" format, as a kernel unpacks it for its first file system. */
export function writeCpio(files: readonly ArchiveFile[]): Uint8Array {
  const empty = new Uint8Array();
  const parts: Uint8Array[] = [];
  const entry = (path: string, mode: number, contents: Uint8Array): void => {
    const isEnd = path === trailer;
    parts.push(...writeEntry({ path, mode, contents, inode: isEnd ? 0 : parts.length + 1 }));
  };
  for (const directory of directoriesOf(files)) entry(directory, directoryMode, empty);
  for (const { path, contents, isExecutable } of files) {
    entry(path, isExecutable === true ? executableMode : fileMode, contents);
  }
  entry(trailer, 0, empty);
  return concatenate(parts);
}

interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly contents: Uint8Array;
  readonly inode: number;
}

function writeEntry({ path, mode, contents, inode }: Entry): Uint8Array[] {
  const name = new TextEncoder().encode(`${path}\0`);
  const links = mode === directoryMode ? 2 : 1;
  const fields = [inode, mode, 0, 0, links, 0, contents.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  const head = new Uint8Array(roundUp(header.length + name.length));
  head.set(new TextEncoder().encode(header));
  head.set(name, header.length);
  const body = new Uint8Array(roundUp(contents.length));
  body.set(contents);
  return [head, body];
}

function directoriesOf(files: readonly ArchiveFile[]): string[] {
  const directories = files.flatMap(({ path }) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  return [...new Set(directories)].toSorted();
}

function roundUp(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** Joins byte arrays. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
