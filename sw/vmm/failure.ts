import { cstr } from '../shared/rv.ts';
import {
  TextBuffer,
  appendByte,
  appendDecimal,
  appendString,
  initText,
} from '../shared/text-buffer.ts';
import { STANDARD_ERROR, exitProcess, writeAll } from './host.ts';

/** Exit status: the guest shut down and reported success. */
export const STATUS_SUCCESS: u64 = 0;
/** Exit status: the guest shut down and reported a failure. */
export const STATUS_GUEST_FAILED: u64 = 1;
/** Exit status: the command line makes no sense. */
export const STATUS_USAGE: u64 = 2;
/** Exit status: the guest's image cannot be loaded. */
export const STATUS_IMAGE: u64 = 3;
/** Exit status: the driver or the host refused what the VM needs. */
export const STATUS_DRIVER: u64 = 4;
/** Exit status: the hart reported an exit that was never asked for. */
export const STATUS_EXIT: u64 = 5;

/** What begins every message: the name of the program. */
let programName: usize = 0;

/** Names the program; before anything can fail. */
export function nameProgram(name: usize): void {
  programName = name;
}

const CAPACITY: usize = 256;
const MINUS: u32 = 0x2d;
const message: usize = memory.data(256, 8);
const buffer: usize = memory.data(offsetof<TextBuffer>(), 8);

function begin(what: usize): TextBuffer {
  const text = changetype<TextBuffer>(buffer);
  initText(text, message, CAPACITY - 1);
  appendString(text, programName);
  appendString(text, cstr(': '));
  appendString(text, what);
  return text;
}

function end(text: TextBuffer, status: u64): void {
  appendString(text, cstr('\n'));
  writeAll(STANDARD_ERROR, message, text.length);
  exitProcess(status);
}

/** Ends the process, and with it the VM, after saying why. */
export function fail(status: u64, what: usize): void {
  end(begin(what), status);
}

/** As `fail`, naming the word that is wrong. */
export function failNaming(status: u64, what: usize, name: usize): void {
  const text = begin(what);
  appendString(text, cstr(': '));
  appendString(text, name);
  end(text, status);
}

/** As `fail`, with the negative error number or other result of the host. */
export function failWith(status: u64, what: usize, result: i64): void {
  const text = begin(what);
  appendString(text, cstr(': result '));
  if (result < 0) appendByte(text, MINUS);
  appendDecimal(text, <u64>(result < 0 ? -result : result));
  end(text, status);
}
