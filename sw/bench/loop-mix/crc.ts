const POLYNOMIAL: u32 = 0xedb8_8320;
const BYTES: usize = 16384;
const BYTES_BIT_BY_BIT: usize = 512;
const TABLE: usize = 1024;

function shifted(crc: u32): u32 {
  for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (POLYNOMIAL & (0 - (crc & 1)));
  return crc;
}

/** CRC-32 of 16 KiB by table, and of 512 bytes bit by bit. */
export function checkBytes(base: usize): u64 {
  const table = base;
  const bytes = base + TABLE;
  const end = bytes + BYTES;
  for (let value: u32 = 0; value < 256; value++) {
    store<u32>(table + ((<usize>value) << 2), shifted(value));
  }
  for (let at: usize = 0; at < BYTES; at += 8) store<u64>(bytes + at, at * 0x0101_4011_9e37_79b1);
  let crc: u32 = ~0;
  for (let at = bytes; at < end; at++) {
    crc = (crc >> 8) ^ load<u32>(table + ((<usize>((crc ^ load<u8>(at)) & 0xff)) << 2));
  }
  let slow: u32 = ~0;
  for (let at = bytes; at < bytes + BYTES_BIT_BY_BIT; at++) slow = shifted(slow ^ load<u8>(at));
  return ((<u64>crc) << 32) | slow;
}
