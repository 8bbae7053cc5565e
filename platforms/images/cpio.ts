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
const headerBytes = 110;
const memberAlignment = 4;
const contentsAlignment = 8;
const trailer = 'TRAILER!!!';

/**
 * Writes a cpio archive in the "newc" format, as a kernel unpacks it for its first file system. Contents begin at
 * multiples of 8, so that programs can be read in place without misaligned accesses.
 */
export function writeCpio(files: readonly ArchiveFile[]): Uint8Array {
  const empty = new Uint8Array();
  const entries = [
    ...directoriesOf(files).map((path) => ({ path, mode: directoryMode, contents: empty })),
    ...files.map(({ path, contents, isExecutable }) => {
      return { path, mode: isExecutable === true ? executableMode : fileMode, contents };
    }),
  ];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [index, entry] of entries.entries()) {
    const part = writeMember({ ...entry, inode: index + 1 }, offset);
    parts.push(part);
    offset += part.length;
  }
  parts.push(writeMember({ path: trailer, mode: 0, contents: empty, inode: 0 }, offset));
  return concatenate(parts);
}

interface Member {
  readonly path: string;
  readonly mode: number;
  readonly contents: Uint8Array;
  readonly inode: number;
}

/** Header, name and contents of a member at `offset`. The name ends in as many zero bytes as alignment takes. */
function writeMember({ path, mode, contents, inode }: Member, offset: number): Uint8Array {
  const links = mode === directoryMode ? 2 : 1;
  const name = new TextEncoder().encode(path);
  const head = roundUp(offset + headerBytes + name.length + 1, contentsAlignment) - offset;
  const nameBytes = head - headerBytes;
  const fields = [inode, mode, 0, 0, links, 0, contents.length, 0, 0, 0, 0, nameBytes, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  const member = new Uint8Array(roundUp(head + contents.length, memberAlignment));
  member.set(new TextEncoder().encode(header));
  member.set(name, headerBytes);
  member.set(contents, head);
  return member;
}

function directoriesOf(files: readonly ArchiveFile[]): string[] {
  const directories = files.flatMap(({ path }) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  return [...new Set(directories)].toSorted();
}

function roundUp(length: number, alignment: number): number {
  return Math.ceil(length / alignment) * alignment;
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
