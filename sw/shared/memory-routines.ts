/**
 * What `memory.copy`, `memory.fill` and `memory.compare` compile to: the toolchain puts this module in the place of the
 * standard library's `util/memory`. Words are used where both sides are aligned alike; no access is ever misaligned.
 */

function copyForwards(target: usize, source: usize, bytes: usize): void {
  if (((target ^ source) & 7) == 0) {
    while (bytes != 0 && (target & 7) != 0) {
      store<u8>(target++, load<u8>(source++));
      bytes--;
    }
    while (bytes >= 32) {
      const a = load<u64>(source);
      const b = load<u64>(source, 8);
      const c = load<u64>(source, 16);
      const d = load<u64>(source, 24);
      store<u64>(target, a);
      store<u64>(target, b, 8);
      store<u64>(target, c, 16);
      store<u64>(target, d, 24);
      source += 32;
      target += 32;
      bytes -= 32;
    }
    while (bytes >= 8) {
      store<u64>(target, load<u64>(source));
      source += 8;
      target += 8;
      bytes -= 8;
    }
  }
  while (bytes != 0) {
    store<u8>(target++, load<u8>(source++));
    bytes--;
  }
}

function copyBackwards(target: usize, source: usize, bytes: usize): void {
  target += bytes;
  source += bytes;
  if (((target ^ source) & 7) == 0) {
    while (bytes != 0 && (target & 7) != 0) {
      store<u8>(--target, load<u8>(--source));
      bytes--;
    }
    while (bytes >= 8) {
      target -= 8;
      source -= 8;
      store<u64>(target, load<u64>(source));
      bytes -= 8;
    }
  }
  while (bytes != 0) {
    store<u8>(--target, load<u8>(--source));
    bytes--;
  }
}

/** Copies bytes between areas that do not overlap. */
export function memcpy(target: usize, source: usize, bytes: usize): void {
  copyForwards(target, source, bytes);
}

/** Copies bytes between areas that may overlap. */
export function memmove(target: usize, source: usize, bytes: usize): void {
  if (target - source >= bytes) copyForwards(target, source, bytes);
  else copyBackwards(target, source, bytes);
}

/** Sets bytes to a value. */
export function memset(target: usize, value: u8, bytes: usize): void {
  const word = <u64>value * 0x0101010101010101;
  while (bytes != 0 && (target & 7) != 0) {
    store<u8>(target++, value);
    bytes--;
  }
  while (bytes >= 32) {
    store<u64>(target, word);
    store<u64>(target, word, 8);
    store<u64>(target, word, 16);
    store<u64>(target, word, 24);
    target += 32;
    bytes -= 32;
  }
  while (bytes >= 8) {
    store<u64>(target, word);
    target += 8;
    bytes -= 8;
  }
  while (bytes != 0) {
    store<u8>(target++, value);
    bytes--;
  }
}

/** Compares bytes: 0 if equal, else the sign of the first difference. */
export function memcmp(left: usize, right: usize, bytes: usize): i32 {
  while (bytes != 0) {
    const difference = <i32>load<u8>(left++) - <i32>load<u8>(right++);
    if (difference != 0) return difference;
    bytes--;
  }
  return 0;
}
