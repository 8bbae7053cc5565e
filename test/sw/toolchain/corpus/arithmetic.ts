import { mulh, mulhsu, mulhu } from '../../../../sw/shared/rv';

export function addU32(a: u32, b: u32): u32 {
  return a + b * 3 - 7;
}
export function mixWidths(a: i32, b: u32, c: i64): i64 {
  return <i64>a + <i64>b * c - (c >> 3) + <i64>(a >> 5) + <i64>(b >> 5);
}
export function narrow(a: i64): i64 {
  return (
    <i64>(<i8>a) +
    <i64>(<u8>a) * 3 +
    <i64>(<i16>a) * 5 +
    <i64>(<u16>a) * 7 +
    <i64>(<i32>a) * 11 +
    <i64>(<u32>a) * 13
  );
}
export function compareAll(a: i64, b: i64): i32 {
  const x = <u64>a;
  const y = <u64>b;
  return (
    i32(a < b) |
    (i32(a <= b) << 1) |
    (i32(a > b) << 2) |
    (i32(a >= b) << 3) |
    (i32(x < y) << 4) |
    (i32(x <= y) << 5) |
    (i32(x > y) << 6) |
    (i32(x >= y) << 7) |
    (i32(a == b) << 8) |
    (i32(a != b) << 9)
  );
}
export function compareConstants(a: i64, b: i32): i32 {
  return (
    i32(a < 2047) |
    (i32(a <= 2047) << 1) |
    (i32(a > -2048) << 2) |
    (i32(a >= -2049) << 3) |
    (i32(<u64>a > 0xffffffffffffffff) << 4) |
    (i32(<u64>a <= 5) << 5) |
    (i32(b == 100000) << 6) |
    (i32(<u32>b > 0xfffffff0) << 7) |
    (i32(b != -1) << 8) |
    (i32(<u32>b <= 0xfffffffe) << 9)
  );
}
export function divide(a: i64, b: i64, c: i32, d: i32): i64 {
  if (b == 0 || d == 0 || b == -1 || d == -1) return 0;
  return (
    a / b +
    (a % b) * 3 +
    <i64>(c / d) +
    <i64>(c % d) +
    <i64>(<u64>a / <u64>b) +
    <i64>(<u32>c / <u32>d)
  );
}
export function divideByConstants(a: u64, b: i64, c: u32): u64 {
  return (
    a / 10 +
    (a % 10) * 3 +
    a / 7 +
    (a % 1000) +
    a / 641 +
    <u64>(b / 10) +
    <u64>(b % 7) +
    c / 10 +
    (c % 3) +
    a / 3
  );
}
export function shifts(a: i64, b: i32, s: i32): i64 {
  return (
    (a << s) +
    (a >> s) +
    <i64>((<u64>a) >> s) +
    <i64>(b << s) +
    <i64>(b >> s) +
    <i64>((<u32>b) >> s) +
    (a << 5) +
    (b >> 31)
  );
}
export function rotations(a: u64, b: u32, s: u32): u64 {
  return rotl<u64>(a, s) ^ rotr<u64>(a, 13) ^ rotl<u32>(b, s) ^ rotr<u32>(b, s) ^ rotl<u32>(b, 7);
}
export function counts(a: u64, b: u32): i32 {
  return (
    <i32>(clz<u64>(a) + ctz<u64>(a) * 100 + popcnt<u64>(a) * 10000) +
    clz<u32>(b) +
    ctz<u32>(b) * 3 +
    popcnt<u32>(b) * 7
  );
}
export function masks(a: u64, b: u32): u64 {
  return (
    (a & 0xfffff000) +
    (a & 0xff) +
    ((a >> 12) & 0x1ff) +
    (a & 0xffffffff00000000) +
    (a & 0x7ff800) +
    (b & 0xffff) +
    (b & 0x7fffff00) +
    (b & 0xf0000000)
  );
}
export function constants(a: u64): u64 {
  return (
    (a ^ 0x123456789abcdef0) +
    (a | 0x8000000000000000) -
    (a & 0x7fffffffffffffff) +
    0xfffff +
    (a ^ 0x800) +
    (a ^ 0x7ffff800) * 0x9e3779b97f4a7c15
  );
}
export function products(a: i64, b: i64, c: i32): i64 {
  return (
    mulh(a, b) +
    <i64>mulhu(<u64>a, <u64>b) +
    mulhsu(a, <u64>b) +
    a * 9 +
    a * 7 +
    a * 1024 +
    <i64>(c * 5) +
    <i64>(c * 31) +
    a * b
  );
}
export function selects(a: i64, b: i64, c: i32): i64 {
  const x = a < b ? a : b;
  const y = c ? 0 : x;
  const z = a == b ? 17 : 0;
  return x + y * 3 + z + (c > 5 ? 100 : 200) + select<i64>(a, b, c < 0);
}
