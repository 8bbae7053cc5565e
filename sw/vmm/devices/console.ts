import { amoswap_w } from '../../shared/rv.ts';
import { release } from '../../shared/spin-lock.ts';
import { STANDARD_OUTPUT, writeAll, yieldHart } from '../host.ts';

/** Bytes of one line that are collected before they are written, so that a character does not cost a system call. */
const CAPACITY: usize = 256;
const NEWLINE: u32 = 10;

const line: usize = memory.data(256, 8);
const lock: usize = memory.data(4, 4);
let length: usize = 0;

/** The owner may be a thread of this hart, which spinning would keep from running. */
function acquire(): void {
  while (amoswap_w(lock, 1) != 0) yieldHart();
}

function flushLine(): void {
  if (length > 0) writeAll(STANDARD_OUTPUT, line, length);
  length = 0;
}

/** Writes one byte to the VM's console; it appears with its line. */
export function writeConsoleByte(byte: u32): void {
  acquire();
  store<u8>(line + length, byte);
  length++;
  if (byte == NEWLINE || length == CAPACITY) flushLine();
  release(lock);
}

/** Writes bytes of the hypervisor's memory to the VM's console, behind what waits for the end of its line. */
export function writeConsole(bytes: usize, count: u64): void {
  acquire();
  flushLine();
  writeAll(STANDARD_OUTPUT, bytes, count);
  release(lock);
}

/** Writes what waits for the end of its line. */
export function flushConsole(): void {
  acquire();
  flushLine();
  release(lock);
}
