import { acquire, release } from '../../shared/spin-lock.ts';
import { STANDARD_OUTPUT, writeAll } from '../host.ts';

/** Bytes of one line that are collected before they are written, so that a character does not cost a system call. */
const CAPACITY: usize = 256;
const NEWLINE: u32 = 10;

const line: usize = memory.data(256, 8);
const lock: usize = memory.data(4, 4);
let length: usize = 0;

function flushLine(): void {
  if (length > 0) writeAll(STANDARD_OUTPUT, line, length);
  length = 0;
}

/** Writes one byte to the VM's console; it appears with its line. */
export function writeConsoleByte(byte: u32): void {
  acquire(lock);
  store<u8>(line + length, byte);
  length++;
  if (byte == NEWLINE || length == CAPACITY) flushLine();
  release(lock);
}

/** Writes bytes of the hypervisor's memory to the VM's console, behind what waits for the end of its line. */
export function writeConsole(bytes: usize, count: u64): void {
  acquire(lock);
  flushLine();
  writeAll(STANDARD_OUTPUT, bytes, count);
  release(lock);
}

/** Writes what waits for the end of its line. */
export function flushConsole(): void {
  acquire(lock);
  flushLine();
  release(lock);
}
