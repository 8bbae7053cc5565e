import {
  appendDecimal,
  appendHex,
  appendString,
  initText,
  TextBuffer,
} from '../shared/text-buffer.ts';
import { consoleWrite } from './sbi-client.ts';

const LINE_BYTES: usize = 256;
const lineMemory: usize = memory.data(256, 8);
const line = changetype<TextBuffer>(memory.data(offsetof<TextBuffer>(), 8));

/** A kernel message is built with begin, text, number, hex and sent with end; only under the kernel's lock. */
export function begin(prefix: usize): void {
  initText(line, lineMemory, LINE_BYTES);
  appendString(line, prefix);
}

/** Adds text. */
export function text(string: usize): void {
  appendString(line, string);
}

/** Adds a decimal number. */
export function number(value: u64): void {
  appendDecimal(line, value);
}

/** Adds a hexadecimal number. */
export function hex(value: u64): void {
  appendHex(line, value);
}

/** Sends the message to the console. */
export function end(): void {
  consoleWrite(line.start, line.length);
}
