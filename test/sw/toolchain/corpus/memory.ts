import { amoadd_d, ld, lbu, lhu, lw, lwu, sb, sd, sw } from '../../../../sw/shared/rv';

const scratch: usize = 0x200000;

@unmanaged
class Record {
  next: Record | null;
  key: u32;
  tag: u8;
  flags: i16;
  total: i64;
}

export function loadsAndStores(a: u32, b: i64): i64 {
  const p = scratch + (((<usize>a) & 63) << 3);
  const sum =
    load<i64>(p) +
    <i64>load<i32>(p, 8) +
    <i64>load<u32>(p, 12) +
    <i64>load<i16>(p, 16) +
    <i64>load<u16>(p, 18) +
    <i64>load<i8>(p, 20) +
    <i64>load<u8>(p, 21);
  store<i64>(p, b, 24);
  store<i32>(p, <i32>b, 32);
  store<i16>(p, <i16>b, 36);
  store<i8>(p, <i8>b, 38);
  return sum;
}
export function farOffset(a: u32): i64 {
  const p = scratch + (((<usize>a) & 7) << 3);
  store<i64>(p, 77, 2048);
  return load<i64>(p, 2056) + load<i64>(p, 3000 & ~7);
}
export function list(a: u32, b: i64): i64 {
  let head: Record | null = null;
  const count = (a & 15) + 1;
  for (let i: u32 = 0; i < count; i++) {
    const r = changetype<Record>(scratch + 1024 + <usize>i * 32);
    r.next = head;
    r.key = i * 7;
    r.tag = <u8>b;
    r.flags = <i16>(b >> 8);
    r.total = b + i;
    head = r;
  }
  let sum: i64 = 0;
  for (let r = head; r; r = r!.next) {
    sum = sum * 31 + r!.key + <i64>r!.tag + r!.flags + r!.total;
    r!.tag++;
    r!.flags--;
  }
  return sum;
}
export function copy(a: u32, b: u32, n: u32): void {
  memory.copy(scratch + (a & 1023), scratch + (b & 1023), n & 511);
}
export function fill(a: u32, b: u32, n: u32): void {
  memory.fill(scratch + (a & 1023), <u8>b, n & 511);
}
export function compare(a: u32, b: u32, n: u32): i32 {
  return memory.compare(scratch + (a & 127), scratch + (b & 127), n & 15);
}
export function volatile(a: i64): i64 {
  sd(scratch, a, 8);
  sw(scratch, <u32>a, 16);
  sb(scratch, <u32>a, 24);
  return (
    <i64>ld(scratch, 8) + lw(scratch, 16) + lwu(scratch, 8) + lhu(scratch, 10) + lbu(scratch, 24)
  );
}
export function atomics(a: u32, b: u64): u64 {
  const p = scratch + (((<usize>a) & 63) << 3);
  return amoadd_d(p, b) + load<u64>(p) * 3;
}
export function checksum(a: u32, n: u32): u32 {
  let crc: u32 = 0xffff;
  for (let i: u32 = 0; i < (n & 127); i++) {
    let d: u32 = load<u8>(scratch + ((a + i) & 1023));
    for (let k = 0; k < 8; k++) {
      const x = (d ^ crc) & 1;
      d >>= 1;
      crc >>= 1;
      if (x) crc ^= 0xa001;
    }
  }
  return crc;
}
const table: StaticArray<u16> = [3, 1, 4, 1, 5, 9, 2, 6];
export function staticTable(a: u32): u32 {
  return unchecked(table[a & 7]) + unchecked(table[(a >> 3) & 7]) * 10;
}
export function aliasing(a: i64, b: u32): i64 {
  const p = scratch + 64 + (((<usize>b) & 3) << 3);
  const q = scratch + 64;
  store<i64>(q, a);
  store<i64>(p, a + 1);
  const x = load<i64>(q);
  store<i32>(q, 5, 4);
  return x * 3 + load<i64>(q);
}
