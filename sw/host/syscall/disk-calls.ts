import { EBADF, EFAULT, EINVAL } from '../../shared/syscalls.ts';
import { awaitTracker, longestTransfer, SECTOR_BYTES, transfer } from '../disk.ts';
import { FILE_DISK, openFile } from '../files.ts';
import { Hart } from '../hart.ts';
import { userToPhysical } from '../memory/address-space.ts';
import { PAGE_BYTES } from '../memory/frames.ts';
import { PTE_READ, PTE_WRITE } from '../memory/page-table.ts';
import { Process } from '../process/process.ts';
import { Thread } from '../process/thread.ts';

const ECALL_BYTES: u64 = 4;
/** The disk moves doublewords. */
const ALIGNMENT: u64 = 8;

function least(a: u64, b: u64): u64 {
  return a < b ? a : b;
}

/** How many of `length` bytes from an address of the process on, which lies at `physical`, follow each other in memory. */
function contiguousBytes(
  process: Process,
  address: u64,
  physical: usize,
  length: u64,
  right: u64,
): u64 {
  let bytes: u64 = PAGE_BYTES - (address & (PAGE_BYTES - 1));
  while (bytes < length && userToPhysical(process, address + bytes, right) == physical + bytes)
    bytes += PAGE_BYTES;
  return least(bytes, length);
}

/** pread64 or pwrite64(fd, buffer, length, offset) of the disk: the thread sleeps until the data are across, which no copy is made of. */
export function callTransfer(hart: Hart, thread: Thread, isWrite: bool): i64 {
  const process = thread.process;
  const file = openFile(process, thread.a0);
  if (file === null || file.kind != FILE_DISK) return -EBADF;
  const buffer = thread.a1;
  const offset = thread.a3;
  const isWhole = ((thread.a2 | offset) & (SECTOR_BYTES - 1)) == 0;
  if (!isWhole || (buffer & (ALIGNMENT - 1)) != 0) return -EINVAL;
  if (offset >= file.size) return 0;
  const wanted = least(least(thread.a2, file.size - offset), longestTransfer());
  if (wanted == 0) return 0;
  const right = isWrite ? PTE_READ : PTE_WRITE;
  const physical = userToPhysical(process, buffer, right);
  if (physical == 0) return -EFAULT;
  const contiguous = contiguousBytes(process, buffer, physical, wanted, right);
  const length = contiguous & ~(SECTOR_BYTES - 1);
  if (length == 0) return -EINVAL;
  const sector = offset / SECTOR_BYTES;
  if (transfer(hart, thread, isWrite, physical, sector, length / SECTOR_BYTES)) return <i64>length;
  // no tracker: the thread comes back to the same ecall with the same a0
  thread.pc -= ECALL_BYTES;
  awaitTracker(hart, thread);
  return <i64>thread.a0;
}
