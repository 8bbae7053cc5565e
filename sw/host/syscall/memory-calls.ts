import {
  EACCES,
  EBADF,
  EINVAL,
  ENOMEM,
  MAP_ANONYMOUS,
  PROT_EXEC,
  PROT_WRITE,
} from '../../shared/syscalls.ts';
import { grantMemory } from '../../dv-driver/grants.ts';
import { settleTransfers } from '../disk.ts';
import { FILE_DRIVER, openFile } from '../files.ts';
import { Hart } from '../hart.ts';
import { fenceRange, releasePages } from '../memory/address-space.ts';
import { addArea, AREA_FREE, AREA_GRANT, AREA_PRIVATE, permissionsOf } from '../memory/area.ts';
import { PAGE_BYTES, totalFrameCount } from '../memory/frames.ts';
import { reserveAddresses } from '../memory/user-addresses.ts';
import { AREA_CAPACITY, areaAt, Process } from '../process/process.ts';
import { Thread } from '../process/thread.ts';

const PAGE_MASK: u64 = PAGE_BYTES - 1;
/** mmap(address, length, protection, flags, fd, offset): anonymous memory, or a grant of the DV-driver. */
export function callMmap(thread: Thread): i64 {
  const process = thread.process;
  const length = (thread.a1 + PAGE_MASK) & ~PAGE_MASK;
  if (thread.a0 != 0 || thread.a1 == 0 || thread.a5 != 0) return -EINVAL;
  // more than there is can never be backed, and would only be long to take down
  if (thread.a1 > totalFrameCount * PAGE_BYTES) return -ENOMEM;
  const protection = thread.a2;
  if ((protection & PROT_WRITE) != 0 && (protection & PROT_EXEC) != 0) return -EACCES;
  if ((thread.a3 & MAP_ANONYMOUS) == 0) {
    const file = openFile(process, thread.a4);
    if (file === null) return -EBADF;
    if (file.kind != FILE_DRIVER) return -EINVAL;
    return grantMemory(process, length);
  }
  const start = reserveAddresses(process, length, PAGE_BYTES);
  if (start == 0) return -ENOMEM;
  const area = addArea(process, AREA_PRIVATE, start, start + length, permissionsOf(protection));
  return area === null ? -ENOMEM : <i64>start;
}

function cut(process: Process, index: u64, start: u64, end: u64): bool {
  const area = areaAt(process, index);
  const first = start > area.start ? start : area.start;
  const last = end < area.end ? end : area.end;
  if (first > area.start && last < area.end) {
    // a hole in the middle leaves two areas
    if (addArea(process, area.kind, last, area.end, area.permissions) === null) return false;
    area.end = first;
  } else if (first > area.start) area.end = first;
  else if (last < area.end) area.start = last;
  else area.kind = AREA_FREE;
  releasePages(process, first, last);
  return true;
}

/** munmap(address, length): parts of private areas; a grant is not unmapped this way. */
export function callMunmap(hart: Hart, thread: Thread): i64 {
  const process = thread.process;
  settleTransfers(hart, process);
  const start = thread.a0;
  const length = (thread.a1 + PAGE_MASK) & ~PAGE_MASK;
  if ((start & PAGE_MASK) != 0 || length == 0 || start + length < start) return -EINVAL;
  const end = start + length;
  for (let i: u64 = 0; i < AREA_CAPACITY; i++) {
    const area = areaAt(process, i);
    if (area.kind == AREA_GRANT && area.start < end && start < area.end) return -EINVAL;
  }
  for (let i: u64 = 0; i < AREA_CAPACITY; i++) {
    const area = areaAt(process, i);
    if (area.kind != AREA_PRIVATE || area.start >= end || start >= area.end) continue;
    if (!cut(process, i, start, end)) return -ENOMEM;
  }
  fenceRange(start, length);
  return 0;
}
