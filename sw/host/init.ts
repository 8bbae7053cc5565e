import { copyBytes } from '../shared/bytes.ts';
import { elfEntry, isElf } from '../shared/elf-reader.ts';
import { cstr } from '../shared/rv.ts';
import { begin, end, text } from './console.ts';
import { findFile } from './files.ts';
import { Hart, startedHarts } from './hart.ts';
import { PAGE_BYTES, takePage } from './memory/frames.ts';
import { endProcess, noteFailure, noteProcess } from './process/ending.ts';
import { ARGUMENT_CAPACITY, loadProgram, pushArguments } from './process/loader.ts';
import { makeProcess, makeThread } from './process/making.ts';
import { wake } from './scheduler.ts';

const NEWLINE: u32 = 0x0a;
const SPACE: u32 = 0x20;
const HASH: u32 = 0x23;
const PLUS: u32 = 0x2b;
const EXCLAMATION: u32 = 0x21;

/** Addresses of one line's words. */
const words: usize = memory.data(256, 8);

function refuse(path: usize, reason: usize): void {
  begin(cstr('host: cannot start '));
  text(path);
  text(cstr(': '));
  text(reason);
  text(cstr('\n'));
  end();
  noteFailure();
}

/** Starts the process of the line that was split into `count` words. */
function start(hart: Hart, count: u64, mayEndOthers: u64): void {
  const path = load<usize>(words);
  const file = findFile(path);
  if (file === null) return refuse(path, cstr('no such file'));
  if (!isElf(file.data, file.size)) return refuse(path, cstr('not a RISC-V ELF file'));
  const process = makeProcess(path);
  if (process === null) return refuse(path, cstr('too many processes, or no memory'));
  const thread = makeThread(process, startedHarts);
  if (thread === null) return refuse(path, cstr('too many threads'));
  process.mayEndOthers = mayEndOthers;
  noteProcess();
  const isLoaded = loadProgram(process, file.data, file.size);
  if (!isLoaded || !pushArguments(process, thread, words, count)) {
    refuse(path, cstr('damaged file, or no memory'));
    endProcess(hart, process, 127);
    return;
  }
  thread.pc = elfEntry(file.data);
  wake(thread, hart);
}

/** Splits a NUL-terminated line at spaces, in place; returns the number of words. */
function split(line: usize): u64 {
  let count: u64 = 0;
  while (count < ARGUMENT_CAPACITY) {
    while (load<u8>(line) == SPACE) line++;
    if (load<u8>(line) == 0) break;
    store<usize>(words + (count++ << 3), line);
    while (load<u8>(line) != SPACE && load<u8>(line) != 0) line++;
    if (load<u8>(line) == 0) break;
    store<u8>(line++, 0);
  }
  return count;
}

/** The line whose process starts when another one has ended; 0 = there is none. */
let spareLine: usize = 0;

/** Starts the spare process, if there is one that has not started. */
export function startSpare(hart: Hart): void {
  const line = spareLine;
  if (line == 0) return;
  spareLine = 0;
  const count = split(line);
  if (count != 0) start(hart, count, 0);
}

/**
 * Starts the processes of /etc/init: one per line, path and arguments. Lines that start with # are comments, one that starts with + waits until a
 * process has ended, and those that start with ! may end others.
 */
export function startProcesses(hart: Hart): void {
  const list = findFile(cstr('/etc/init'));
  if (list === null) return refuse(cstr('/etc/init'), cstr('no such file'));
  // the lines are cut up in a page of their own, which stays: paths and arguments are named in messages
  const page = takePage();
  if (page == 0 || list.size >= PAGE_BYTES) return refuse(cstr('/etc/init'), cstr('too long'));
  const size = list.size;
  copyBytes(page, list.data, size);
  let line = page;
  while (line < page + size) {
    let rest = line;
    while (rest < page + size && load<u8>(rest) != NEWLINE) rest++;
    store<u8>(rest, 0);
    if (load<u8>(line) == PLUS) spareLine = line + 1;
    else if (load<u8>(line) != HASH) {
      const mayEndOthers: u64 = load<u8>(line) == EXCLAMATION ? 1 : 0;
      const count = split(line + <usize>mayEndOthers);
      if (count != 0) start(hart, count, mayEndOthers);
    }
    line = rest + 1;
  }
}
