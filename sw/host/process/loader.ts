import { copyBytes } from '../../shared/bytes.ts';
import {
  ElfSegment,
  elfSegmentCount,
  PF_R,
  PF_W,
  PF_X,
  PT_LOAD,
  readElfSegment,
} from '../../shared/elf-reader.ts';
import { stringLength } from '../../shared/strings.ts';
import { addArea, AREA_PRIVATE, permissionsOf } from '../memory/area.ts';
import { populate } from '../memory/address-space.ts';
import { PAGE_BYTES, totalFrameCount } from '../memory/frames.ts';
import {
  mapPage,
  PTE_EXECUTE,
  PTE_READ,
  PTE_USER,
  PTE_WRITE,
  translate,
} from '../memory/page-table.ts';
import { MAP_START, STACK_BYTES, STACK_END } from '../memory/user-addresses.ts';
import { copyOut, putDoubleword } from '../memory/user-memory.ts';
import { PROT_READ, PROT_WRITE } from '../../shared/syscalls.ts';
import { Process } from './process.ts';
import { Thread } from './thread.ts';

/** Most arguments of a process, its path included. */
export const ARGUMENT_CAPACITY: u64 = 32;

const segment = changetype<ElfSegment>(memory.data(offsetof<ElfSegment>(), 8));
const PAGE_MASK: u64 = PAGE_BYTES - 1;

function segmentPermissions(flags: u32): u64 {
  let permissions = PTE_USER;
  if ((flags & PF_R) != 0) permissions |= PTE_READ;
  if ((flags & PF_W) != 0) permissions |= PTE_READ | PTE_WRITE;
  if ((flags & PF_X) != 0) permissions |= PTE_EXECUTE;
  return permissions;
}

/** Backs the page at `address`; a page that two segments share gets the rights of both. */
function backPage(process: Process, address: u64, permissions: u64): usize {
  const present = translate(process.root, address, PTE_USER);
  if (present == 0) {
    return populate(process, address, 0) ? translate(process.root, address, PTE_USER) : 0;
  }
  let all = permissions;
  for (let right = PTE_READ; right <= PTE_EXECUTE; right <<= 1) {
    if (translate(process.root, address, right) != 0) all |= right;
  }
  mapPage(process.root, address, present, all);
  return present;
}

function loadSegment(process: Process, file: usize): bool {
  const start = segment.virtualAddress & ~PAGE_MASK;
  const end = (segment.virtualAddress + segment.memorySize + PAGE_MASK) & ~PAGE_MASK;
  const permissions = segmentPermissions(segment.flags);
  if (end > MAP_START || end <= start) return false;
  if (end - start > totalFrameCount * PAGE_BYTES) return false;
  if (addArea(process, AREA_PRIVATE, start, end, permissions) === null) return false;
  const fileEnd = segment.virtualAddress + segment.fileSize;
  let source = file + segment.offset;
  // pages behind the file's bytes are zero and appear on first touch
  for (let at = segment.virtualAddress; at < fileEnd;) {
    const page = at & ~PAGE_MASK;
    const physical = backPage(process, page, permissions);
    if (physical == 0) return false;
    const rest = page + PAGE_BYTES - at;
    const part = rest < fileEnd - at ? rest : fileEnd - at;
    copyBytes(physical + (at & PAGE_MASK), source, part);
    source += part;
    at += part;
  }
  return true;
}

/** Loads the segments of an ELF file that `isElf` accepted; false when it is damaged or memory is short. */
export function loadProgram(process: Process, file: usize, size: usize): bool {
  const count = elfSegmentCount(file);
  for (let i: u64 = 0; i < count; i++) {
    if (!readElfSegment(file, size, i, segment)) return false;
    if (segment.type != PT_LOAD || segment.memorySize == 0) continue;
    if (!loadSegment(process, file)) return false;
  }
  return true;
}

/**
 * Gives the first thread its stack as the calling convention wants it: sp → argc, argv, 0, no environment, 0, AT_NULL; the
 * strings above. `strings` is a table of `count` addresses in the kernel. `linux fs/binfmt_elf.c layout`
 */
export function pushArguments(process: Process, thread: Thread, strings: usize, count: u64): bool {
  const permissions = permissionsOf(PROT_READ | PROT_WRITE);
  const bottom = STACK_END - STACK_BYTES;
  if (addArea(process, AREA_PRIVATE, bottom, STACK_END, permissions) === null) return false;
  // argc, argv, its end, the environment's end, AT_NULL's two words
  const words = 1 + count + 1 + 1 + 2;
  let bytes: u64 = 0;
  for (let i: u64 = 0; i < count; i++) bytes += stringLength(load<usize>(strings + (i << 3))) + 1;
  let text = STACK_END - bytes;
  const sp = (text - (words << 3)) & ~(<u64>15);
  if (!putDoubleword(process, sp, count)) return false;
  for (let i: u64 = 0; i < count; i++) {
    const source = load<usize>(strings + (i << 3));
    const length = stringLength(source) + 1;
    if (!putDoubleword(process, sp + 8 + (i << 3), text)) return false;
    if (!copyOut(process, text, source, length)) return false;
    text += length;
  }
  thread.sp = sp;
  return true;
}
