/** NUL-terminated byte strings, as the device tree, the RAM file system and system calls carry them. */

/** Bytes before the NUL. */
export function stringLength(text: usize): usize {
  let end = text;
  while (load<u8>(end) != 0) end++;
  return end - text;
}

/** Whether two strings are the same. */
export function stringsEqual(a: usize, b: usize): bool {
  while (true) {
    const c = load<u8>(a++);
    if (c != load<u8>(b++)) return false;
    if (c == 0) return true;
  }
}

/** Whether `text` starts with all of `prefix`. */
export function startsWith(text: usize, prefix: usize): bool {
  while (true) {
    const c = load<u8>(prefix++);
    if (c == 0) return true;
    if (c != load<u8>(text++)) return false;
  }
}

/** Whether `text` occurs in a list of NUL-terminated strings that fills `length` bytes (a `compatible` property). */
export function listContains(list: usize, length: usize, text: usize): bool {
  const end = list + length;
  while (list < end) {
    if (stringsEqual(list, text)) return true;
    list += stringLength(list) + 1;
  }
  return false;
}

/** Leading decimal digits, or hexadecimal ones after 0x, as a number; 0 when there are none. */
export function parseNumber(text: usize): u64 {
  let base: u64 = 10;
  if (load<u8>(text) == 0x30 && (load<u8>(text, 1) | 0x20) == 0x78) {
    base = 16;
    text += 2;
  }
  let value: u64 = 0;
  while (true) {
    const c: u32 = load<u8>(text++);
    let digit: u64 = c - 0x30;
    if (digit > 9) digit = (c | 0x20) - 0x61 + 10;
    if (c < 0x30 || digit >= base || (c > 0x39 && c < 0x41)) return value;
    value = value * base + digit;
  }
}
