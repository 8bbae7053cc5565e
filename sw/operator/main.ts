import { cstr, ecall2 } from '../shared/rv.ts';
import { parseNumber } from '../shared/strings.ts';
import { ESRCH, SIGKILL, SYS_KILL, SYS_NANOSLEEP, Timespec } from '../shared/syscalls.ts';
import {
  TextBuffer,
  appendByte,
  appendDecimal,
  appendString,
  initText,
} from '../shared/text-buffer.ts';
import { fail, nameProgram, STATUS_USAGE } from '../vmm/failure.ts';
import { STANDARD_OUTPUT, writeAll } from '../vmm/host.ts';

/** The process did not end, or could not be made to. */
const STATUS_REMAINS: u64 = 1;
/** How long a process may take to end. */
const PATIENCE_MILLISECONDS: u64 = 50;
const NEWLINE: u32 = 0x0a;

const LINE_BYTES: usize = 80;
const line: usize = memory.data(80, 8);
const text = changetype<TextBuffer>(memory.data(offsetof<TextBuffer>(), 8));
const duration = changetype<Timespec>(memory.data(offsetof<Timespec>(), 8));

function sleep(milliseconds: u64): void {
  duration.seconds = <i64>(milliseconds / 1000);
  duration.nanoseconds = <i64>((milliseconds % 1000) * 1_000_000);
  ecall2(SYS_NANOSLEEP, changetype<usize>(duration), 0);
}

function say(process: u64, what: usize): void {
  initText(text, line, LINE_BYTES);
  appendString(text, cstr('operator: process '));
  appendDecimal(text, process);
  appendString(text, what);
  appendByte(text, NEWLINE);
  writeAll(STANDARD_OUTPUT, line, text.length);
}

function isThere(process: u64): bool {
  return ecall2(SYS_KILL, process, 0) != -ESRCH;
}

/** `operator PROCESS MILLISECONDS`: lets a process run that long, ends it, and says whether that helped. */
export function main(argumentCount: u64, words: usize): u64 {
  nameProgram(cstr('operator'));
  if (argumentCount != 3) fail(STATUS_USAGE, cstr('usage: PROCESS MILLISECONDS'));
  const process = parseNumber(load<usize>(words, 8));
  sleep(parseNumber(load<usize>(words, 16)));
  if (!isThere(process)) return 0;
  say(process, cstr(' has had its time'));
  if (ecall2(SYS_KILL, process, SIGKILL) < 0) fail(STATUS_REMAINS, cstr('may not end it'));
  for (let waited: u64 = 0; waited < PATIENCE_MILLISECONDS; waited++) {
    if (!isThere(process)) {
      say(process, cstr(' is gone'));
      return 0;
    }
    sleep(1);
  }
  say(process, cstr(' does not end'));
  return STATUS_REMAINS;
}
