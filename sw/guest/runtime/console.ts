import { cstr, sbi_ecall3 } from '../../shared/rv.ts';
import { SBI_DBCN, SBI_DBCN_WRITE } from '../../shared/sbi.ts';
import {
  TextBuffer,
  appendByte,
  appendDecimal,
  appendHex,
  appendString,
  initText,
} from '../../shared/text-buffer.ts';

/** One line of output, built piece by piece and written with one SBI call. Kernel addresses are physical ones in all guests. */

const NEWLINE: u32 = 10;
const CAPACITY: usize = 256;
const bytes: usize = memory.data(256, 8);
const line: usize = memory.data(offsetof<TextBuffer>(), 8);

/** The line being built. */
export function lineBuffer(): TextBuffer {
  const text = changetype<TextBuffer>(line);
  if (text.capacity == 0) initText(text, bytes, CAPACITY);
  return text;
}

/** Appends a string to the line. */
export function put(text: usize): void {
  appendString(lineBuffer(), text);
}

/** Appends a decimal number to the line. */
export function putDecimal(value: u64): void {
  appendDecimal(lineBuffer(), value);
}

/** Appends a hexadecimal number to the line. */
export function putHex(value: u64): void {
  appendHex(lineBuffer(), value);
}

/** Writes the line. */
export function endLine(): void {
  const text = lineBuffer();
  if (text.length == CAPACITY) text.length--;
  appendByte(text, NEWLINE);
  sbi_ecall3(SBI_DBCN, SBI_DBCN_WRITE, text.length, bytes, 0);
  text.length = 0;
}

/** Writes a line of fixed text. */
export function print(text: usize): void {
  put(text);
  endLine();
}

/** Writes a line about something that is wrong, with the value that is. */
export function complain(text: usize, value: u64): void {
  put(cstr('error: '));
  put(text);
  put(cstr(': '));
  putHex(value);
  endLine();
}
