/** Moving and comparing plain memory without assuming that the machine does misaligned accesses. */

/** Copies `length` bytes; the areas must not overlap unless `target` is below `source`. */
export function copyBytes(target: usize, source: usize, length: usize): void {
  const end = target + length;
  if (((target ^ source) & 7) == 0) {
    while (target < end && (target & 7) != 0) store<u8>(target++, load<u8>(source++));
    while (target + 32 <= end) {
      const a = load<u64>(source);
      const b = load<u64>(source, 8);
      const c = load<u64>(source, 16);
      const d = load<u64>(source, 24);
      store<u64>(target, a);
      store<u64>(target, b, 8);
      store<u64>(target, c, 16);
      store<u64>(target, d, 24);
      target += 32;
      source += 32;
    }
    while (target + 8 <= end) {
      store<u64>(target, load<u64>(source));
      target += 8;
      source += 8;
    }
  } else if (((target ^ source) & 3) == 0) {
    while (target < end && (target & 3) != 0) store<u8>(target++, load<u8>(source++));
    while (target + 8 <= end) {
      const a = load<u32>(source);
      const b = load<u32>(source, 4);
      store<u32>(target, a);
      store<u32>(target, b, 4);
      target += 8;
      source += 8;
    }
  }
  while (target < end) store<u8>(target++, load<u8>(source++));
}

/** Sets `length` bytes to zero. */
export function zeroBytes(target: usize, length: usize): void {
  const end = target + length;
  while (target < end && (target & 7) != 0) store<u8>(target++, 0);
  while (target + 32 <= end) {
    store<u64>(target, 0);
    store<u64>(target, 0, 8);
    store<u64>(target, 0, 16);
    store<u64>(target, 0, 24);
    target += 32;
  }
  while (target + 8 <= end) {
    store<u64>(target, 0);
    target += 8;
  }
  while (target < end) store<u8>(target++, 0);
}

/** Whether two areas of `length` bytes hold the same. */
export function bytesEqual(a: usize, b: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i++) {
    if (load<u8>(a + i) != load<u8>(b + i)) return false;
  }
  return true;
}

/** Big-endian 32-bit word at any alignment. */
export function loadBig32(address: usize): u32 {
  return (
    ((<u32>load<u8>(address)) << 24) |
    ((<u32>load<u8>(address, 1)) << 16) |
    ((<u32>load<u8>(address, 2)) << 8) |
    (<u32>load<u8>(address, 3))
  );
}

/** Stores a 32-bit word big-endian at any alignment. */
export function storeBig32(address: usize, value: u32): void {
  store<u8>(address, value >> 24);
  store<u8>(address, value >> 16, 1);
  store<u8>(address, value >> 8, 2);
  store<u8>(address, value, 3);
}

/** Little-endian 16-bit word at any alignment. */
export function loadLittle16(address: usize): u32 {
  return (<u32>load<u8>(address)) | ((<u32>load<u8>(address, 1)) << 8);
}

/** Little-endian 32-bit word at any alignment. */
export function loadLittle32(address: usize): u32 {
  return loadLittle16(address) | (loadLittle16(address + 2) << 16);
}

/** Little-endian 64-bit word at any alignment. */
export function loadLittle64(address: usize): u64 {
  return (<u64>loadLittle32(address)) | ((<u64>loadLittle32(address + 4)) << 32);
}
