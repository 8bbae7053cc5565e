/** Text built in memory and handed to a console in one piece; it holds no console itself, so every image can use it. */

/** A fixed area that is filled from the start; what does not fit is dropped. */
@unmanaged
export class TextBuffer {
  /** First byte of the area. */
  start: usize;
  /** Bytes in use. */
  length: usize;
  /** Size of the area. */
  capacity: usize;
}

/** Makes `text` an empty buffer over an area. */
export function initText(text: TextBuffer, start: usize, capacity: usize): void {
  text.start = start;
  text.length = 0;
  text.capacity = capacity;
}

/** Appends one byte. */
export function appendByte(text: TextBuffer, byte: u32): void {
  if (text.length >= text.capacity) return;
  store<u8>(text.start + text.length, byte);
  text.length++;
}

/** Appends a NUL-terminated string (`cstr("…")`). */
export function appendString(text: TextBuffer, string: usize): void {
  for (let c: u32; (c = load<u8>(string)) != 0; string++) appendByte(text, c);
}

/** Appends a number in decimal. */
export function appendDecimal(text: TextBuffer, value: u64): void {
  let scale: u64 = 1;
  while (value / scale >= 10) scale *= 10;
  for (; scale != 0; scale /= 10) appendByte(text, 0x30 + <u32>((value / scale) % 10));
}

/** Appends a number as 0x and its hexadecimal digits without leading zeros. */
export function appendHex(text: TextBuffer, value: u64): void {
  appendByte(text, 0x30);
  appendByte(text, 0x78);
  let shift: u64 = 60;
  while (shift != 0 && value >> shift == 0) shift -= 4;
  while (true) {
    const digit = (<u32>(value >> shift)) & 15;
    appendByte(text, digit < 10 ? 0x30 + digit : 0x57 + digit);
    if (shift == 0) return;
    shift -= 4;
  }
}
