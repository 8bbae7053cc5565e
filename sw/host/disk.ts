import { lbu, lwu, sb, sd, sw } from '../shared/rv.ts';
import { Hart } from './hart.ts';
import { diskAddress, diskSource } from './machine.ts';
import { deviceAddress } from './memory/page-table.ts';
import { hasPlic } from './plic.ts';
import { Process } from './process/process.ts';
import { FOREVER, Thread, threadAt, threadLimit, THREAD_WAITING } from './process/thread.ts';
import { sleepUntil } from './scheduler.ts';
import { wakeFutex } from './syscall/futex.ts';

/** Registers of the disk (testchipip, `BlockDevice.scala`). */
const ADDRESS: i32 = 0x00;
const SECTOR: i32 = 0x08;
const SECTORS: i32 = 0x0c;
const WRITE: i32 = 0x10;
const REQUEST: i32 = 0x11;
const FREE_TRACKERS: i32 = 0x12;
const COMPLETE: i32 = 0x13;
const COMPLETE_COUNT: i32 = 0x14;
const SIZE: i32 = 0x18;
const LONGEST_REQUEST: i32 = 0x1c;

/** Bytes of a sector. */
export const SECTOR_BYTES: u64 = 512;
const TAGS: usize = 256;

/** Words of the kernel that threads wait for as they do for a futex: a byte for each request under way, and one for a free tracker. */
const waiting: usize = memory.data(512, 8);
const TRACKER: usize = TAGS;

function disk(): usize {
  return deviceAddress(diskAddress);
}

/** Whether the machine has a disk that the kernel reaches and that can interrupt it. */
export function hasDisk(): bool {
  return diskAddress != 0 && disk() != 0 && diskSource != 0 && hasPlic();
}

/** Bytes of the disk. */
export function diskBytes(): u64 {
  return lwu(disk(), SIZE) * SECTOR_BYTES;
}

/** Most bytes that one request moves. */
export function longestTransfer(): u64 {
  return lwu(disk(), LONGEST_REQUEST) * SECTOR_BYTES;
}

function waitFor(hart: Hart, thread: Thread, word: usize): void {
  thread.futex = word;
  sleepUntil(hart, thread, FOREVER, 0);
}

/** Puts the thread to sleep until a request can be made. */
export function awaitTracker(hart: Hart, thread: Thread): void {
  waitFor(hart, thread, waiting + TRACKER);
}

/** Moves sectors between disk and contiguous memory while the thread sleeps; false when no tracker is free. */
export function transfer(
  hart: Hart,
  thread: Thread,
  isWrite: bool,
  physical: usize,
  sector: u64,
  count: u64,
): bool {
  const base = disk();
  if (lbu(base, FREE_TRACKERS) == 0) return false;
  sd(base, physical, ADDRESS);
  sw(base, <u32>sector, SECTOR);
  sw(base, <u32>count, SECTORS);
  sb(base, isWrite ? 1 : 0, WRITE);
  waitFor(hart, thread, waiting + lbu(base, REQUEST));
  return true;
}

/** Wakes the threads whose requests are complete, and those that wait for a tracker. */
export function onDiskInterrupt(hart: Hart): void {
  const base = disk();
  while (lbu(base, COMPLETE_COUNT) != 0) {
    wakeFutex(hart, waiting + lbu(base, COMPLETE), 1);
    wakeFutex(hart, waiting + TRACKER, threadLimit);
  }
}

/** Whether the disk moves data for a thread: nothing but the end of that may wake it. */
export function isInTransfer(thread: Thread): bool {
  return thread.state == THREAD_WAITING && thread.futex - waiting < TAGS;
}

/** Waits until the disk has done with a thread, whose memory is about to go. */
export function settleTransfer(hart: Hart, thread: Thread): void {
  while (isInTransfer(thread)) onDiskInterrupt(hart);
}

/** Waits until the disk has done with all memory of a process. */
export function settleTransfers(hart: Hart, process: Process): void {
  for (let i: u64 = 0; i < threadLimit; i++) {
    const thread = threadAt(i);
    if (thread.process == process) settleTransfer(hart, thread);
  }
}
