import { probe } from '../../../../sw/shared/rv';

function eight(a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: i64): i64 {
  if (a > 1000) return eight(b - 1, c, d, e, f, g, h, a >> 5);
  return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f + 13 * g + 17 * h;
}
export function manyParameters(a: i64, b: i64): i64 {
  return eight(a, b, a + b, a - b, a ^ b, a & b, a | b, ~a) - eight(b, a, 1, 2, 3, 4, 5, 6);
}
export function permuted(a: i64, b: i64, c: i64, d: i64, n: i32): i64 {
  n &= 7;
  if (n == 0) return a + 3 * b + 9 * c + 27 * d;
  return n & 1 ? permuted(d, c, b, a, n - 1) : permuted(b, a, d, c, n - 1);
}
function leaf(a: i64): i64 {
  return a * 3 + 1 > 100 ? leaf(a >> 2) + 1 : a;
}
/** More values live across calls than there are saved registers. */
export function pressure(a: i64, b: i64): i64 {
  const v0 = a + 1;
  const v1 = a ^ 2;
  const v2 = a * 3;
  const v3 = a - 4;
  const v4 = b + 5;
  const v5 = b ^ 6;
  const v6 = b * 7;
  const v7 = b - 8;
  const v8 = a + b;
  const v9 = a ^ b;
  const va = a * b;
  const vb = a - b;
  const vc = a & b;
  const vd = a | b;
  const ve = a >> 9;
  const vf = b >> 11;
  const r = leaf(a & 0xffff) + leaf(b & 0xffff);
  let s: i64 = 0;
  for (let i: i64 = 0; i < (r & 7); i++) {
    s += v0 + v1 * i + leaf(v2 & 0xff) + (v3 ^ v4) + v5 * 3 + (v6 & v7) + v8 - v9 + va * 5 + vb;
    s ^= vc + vd - ve + vf;
  }
  return s + v0 + v1 + v2 + v3 + v4 + v5 + v6 + v7 + v8 + v9 + va + vb + vc + vd + ve + vf + r;
}
function triple(x: i64): i64 {
  return x * 3;
}
function negate(x: i64): i64 {
  return -x;
}
function half(x: i64): i64 {
  return x >> 1;
}
const operations: StaticArray<(x: i64) => i64> = [triple, negate, half];
export function throughTable(a: i32, b: i64): i64 {
  const f = unchecked(operations[<u32>a % 3]);
  const g = a > 0 ? triple : half;
  return f(b) + f(b + 1) * 5 + g(b);
}
export function order(a: i64): i64 {
  let x = a;
  const y = x + (x = x * 2) + (x += 3) - x;
  probe('order');
  return y * 7 + x;
}
export function unsigned32(a: u32, b: u32): u64 {
  const c: u64 = a;
  const d = <u64>(a + b) + ((<u64>(a * b)) << 1);
  return c + d + (a > b ? <u64>a : <u64>b);
}
export function bytes(a: u8, b: i8, c: u16, d: i16, e: bool): i64 {
  return (
    <i64>a +
    <i64>b * 3 +
    <i64>c * 5 +
    <i64>d * 7 +
    (e ? 1 : 0) +
    <i64>(a + 200) +
    <i64>(<i8>(b + 100))
  );
}
