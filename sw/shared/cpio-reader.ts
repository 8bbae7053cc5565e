import { bytesEqual } from './bytes.ts';
import { stringsEqual } from './strings.ts';
import { cstr } from './rv.ts';

/** A member of a "newc" archive, the format of Linux's initial RAM file system. `linux Documentation/driver-api/early-userspace/buffer-format` */
@unmanaged
export class CpioMember {
  /** NUL-terminated name without leading slash. */
  name: usize;
  /** First byte of the contents. */
  data: usize;
  /** Size of the contents. */
  size: usize;
  /** File type and permissions. */
  mode: u32;
}

const HEADER_BYTES: usize = 110;
/** File type bits of `mode`, and their value for a regular file. */
const TYPE_MASK: u32 = 0o170000;
const TYPE_REGULAR: u32 = 0o100000;

function field(header: usize, index: usize): u32 {
  let value: u32 = 0;
  const start = header + 6 + index * 8;
  for (let at = start; at < start + 8; at++) {
    const c: u32 = load<u8>(at);
    value = (value << 4) | (c <= 0x39 ? c - 0x30 : (c | 0x20) - 0x57);
  }
  return value;
}

/** Reads the member at `position`; returns where the next one starts, or 0 at the trailer, the end or damage. */
export function nextCpio(position: usize, end: usize, member: CpioMember): usize {
  if (position + HEADER_BYTES > end || !bytesEqual(position, cstr('070701'), 6)) return 0;
  const nameSize: usize = field(position, 11);
  const size: usize = field(position, 6);
  const name = position + HEADER_BYTES;
  const data = (name + nameSize + 3) & ~(<usize>3);
  if (nameSize == 0 || data > end || size > end - data || load<u8>(name + nameSize - 1) != 0) {
    return 0;
  }
  if (stringsEqual(name, cstr('TRAILER!!!'))) return 0;
  member.name = load<u8>(name) == 0x2f ? name + 1 : name;
  member.data = data;
  member.size = size;
  member.mode = field(position, 1);
  return (data + size + 3) & ~(<usize>3);
}

/** Finds the regular file with an absolute path ("/etc/init"). */
export function findCpio(archive: usize, end: usize, path: usize, member: CpioMember): bool {
  if (load<u8>(path) != 0x2f) return false;
  let position = archive;
  while (true) {
    position = nextCpio(position, end, member);
    if (position == 0) return false;
    if ((member.mode & TYPE_MASK) == TYPE_REGULAR && stringsEqual(member.name, path + 1))
      return true;
  }
}
