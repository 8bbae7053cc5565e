import { ecall0, ecall1, ecall2, ecall3, ecall4, ecall6 } from '../shared/rv.ts';
import {
  AT_FDCWD,
  FUTEX_BITSET_MATCH_ANY,
  FUTEX_PRIVATE_FLAG,
  FUTEX_WAIT,
  FUTEX_WAIT_BITSET,
  FUTEX_WAKE,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
  SEEK_END,
  SEEK_SET,
  SYS_CLOCK_GETTIME,
  SYS_CLOSE,
  SYS_EXIT_GROUP,
  SYS_FUTEX,
  SYS_GETRANDOM,
  SYS_GETPID,
  SYS_IOCTL,
  SYS_LSEEK,
  SYS_MMAP,
  SYS_MUNMAP,
  SYS_OPENAT,
  SYS_PREAD64,
  SYS_PWRITE64,
  SYS_READ,
  SYS_SCHED_GETAFFINITY,
  SYS_SCHED_SETAFFINITY,
  SYS_SCHED_YIELD,
  SYS_WRITE,
  Timespec,
} from '../shared/syscalls.ts';

/** The console of the process (sw/shared/syscalls.ts). */
export const STANDARD_INPUT: u64 = 0;
export const STANDARD_OUTPUT: u64 = 1;
/** Where complaints go. */
export const STANDARD_ERROR: u64 = 2;

/** Opens a file of the host; negative: error number. */
export function openFile(path: usize, flags: u64): i64 {
  return ecall4(SYS_OPENAT, <u64>AT_FDCWD, path, flags, 0);
}

/** Closes a file of the host. */
export function closeFile(file: u64): i64 {
  return ecall1(SYS_CLOSE, file);
}

/** Reads `length` bytes at `offset` of a file; false when the file ends before, or on an error. */
export function readAt(file: u64, offset: u64, buffer: usize, length: u64): bool {
  if (ecall3(SYS_LSEEK, file, offset, SEEK_SET) < 0) return false;
  while (length > 0) {
    const count = ecall3(SYS_READ, file, buffer, length);
    if (count <= 0) return false;
    buffer += <usize>count;
    length -= <u64>count;
  }
  return true;
}

/** Size of a file in bytes; negative: error number. */
export function sizeOfFile(file: u64): i64 {
  return ecall3(SYS_LSEEK, file, 0, SEEK_END);
}

/** Writes bytes to a console; gives up on an error, there is nobody left to tell. */
export function writeAll(file: u64, bytes: usize, length: u64): void {
  while (length > 0) {
    const count = ecall3(SYS_WRITE, file, bytes, length);
    if (count <= 0) return;
    bytes += <usize>count;
    length -= <u64>count;
  }
}

/** Reads what there is, up to `length` bytes; how many, negative: error number. */
export function readSome(file: u64, buffer: usize, length: u64): i64 {
  return ecall3(SYS_READ, file, buffer, length);
}

/** Writes `length` bytes at once; how many were taken, negative: error number. */
export function writeSome(file: u64, bytes: usize, length: u64): i64 {
  return ecall3(SYS_WRITE, file, bytes, length);
}

/** A request to a driver. */
export function control(file: u64, request: u64, argument: u64): i64 {
  return ecall3(SYS_IOCTL, file, request, argument);
}

/** Maps `length` bytes of a driver's file; negative: error number. */
export function mapShared(file: u64, length: u64): i64 {
  return ecall6(SYS_MMAP, 0, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}

/** Private zeroed memory; negative: error number. */
export function allocatePages(length: u64): i64 {
  return ecall6(
    SYS_MMAP,
    0,
    length,
    PROT_READ | PROT_WRITE,
    MAP_PRIVATE | MAP_ANONYMOUS,
    ~(<u64>0),
    0,
  );
}

/** Gives memory of `allocatePages` back. */
export function releasePages(address: usize, length: u64): void {
  ecall2(SYS_MUNMAP, address, (length + 4095) & ~(<u64>4095));
}

/** Sleeps while the 32-bit word at `address` is `value`; `timeout` 0 = no limit. */
export function waitWhile(address: usize, value: u32, timeout: Timespec | null): i64 {
  return ecall4(
    SYS_FUTEX,
    address,
    FUTEX_WAIT | FUTEX_PRIVATE_FLAG,
    value,
    changetype<usize>(timeout),
  );
}

/** Sleeps while the 32-bit word at `address` is `value`, until a time of the host's monotonic clock. */
export function waitWhileUntil(address: usize, value: u32, deadline: Timespec): i64 {
  const operation = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG;
  const time = changetype<usize>(deadline);
  return ecall6(SYS_FUTEX, address, operation, value, time, 0, FUTEX_BITSET_MATCH_ANY);
}

/** Wakes every thread that sleeps on the word at `address`. */
export function wakeAll(address: usize): void {
  ecall4(SYS_FUTEX, address, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 0x7fff_ffff, 0);
}

/** Lets other threads of this hart run. */
export function yieldHart(): void {
  ecall0(SYS_SCHED_YIELD);
}

/** Fills up to `length` bytes with random numbers; how many were written, negative: error number. */
export function readRandom(buffer: usize, length: usize): i64 {
  return ecall3(SYS_GETRANDOM, buffer, length, 0);
}

/** Reads whole sectors of the host's disk; how many bytes of them, perhaps fewer, negative: error number. */
export function readDiskAt(disk: u64, buffer: usize, length: u64, offset: u64): i64 {
  return ecall4(SYS_PREAD64, disk, buffer, length, offset);
}

/** Writes whole sectors of the host's disk, as `readDiskAt` reads them. */
export function writeDiskAt(disk: u64, buffer: usize, length: u64, offset: u64): i64 {
  return ecall4(SYS_PWRITE64, disk, buffer, length, offset);
}

/** The process's number. */
export function processId(): u64 {
  return <u64>ecall0(SYS_GETPID);
}

const maskWord: usize = memory.data(8, 8);

/** The harts that this thread may run on, one bit each. */
export function allowedHarts(): u64 {
  if (ecall3(SYS_SCHED_GETAFFINITY, 0, 8, maskWord) < 0) return 1;
  return load<u64>(maskWord);
}

/** Restricts a thread (0 = the caller) to the harts of `mask`, a word that the caller owns. */
export function restrictTo(mask: usize): i64 {
  return ecall3(SYS_SCHED_SETAFFINITY, 0, 8, mask);
}

/** As `restrictTo`, for another thread of this process. */
export function restrictThread(thread: u64, mask: usize): i64 {
  return ecall3(SYS_SCHED_SETAFFINITY, thread, 8, mask);
}

/** Reads a clock of the host. */
export function readClock(clock: u64, result: Timespec): i64 {
  return ecall3(SYS_CLOCK_GETTIME, clock, changetype<usize>(result), 0);
}

/** Ends the process with this status, whatever its threads do. */
export function exitProcess(status: u64): void {
  ecall1(SYS_EXIT_GROUP, status);
}
