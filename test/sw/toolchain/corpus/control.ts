export function collatz(n: u32): u32 {
  let steps: u32 = 0;
  n = (n & 0xff) + 1;
  while (n != 1 && steps < 200) {
    n = n & 1 ? n * 3 + 1 : n >> 1;
    steps++;
  }
  return steps;
}
export function denseSwitch(a: i32, b: i64): i64 {
  switch (a & 15) {
    case 0:
      return b + 1;
    case 1:
      return b * 3;
    case 2:
    case 3:
      b += 7;
    case 4:
      return b ^ 0x55;
    case 5:
      return -b;
    case 9:
      b <<= 3;
      break;
    case 12:
      b = b & 0xff;
      break;
    default:
      return 42;
  }
  return b - 1;
}
export function sparseSwitch(a: i32): i32 {
  switch (a) {
    case 3:
      return 1;
    case 100:
      return 2;
    case -5:
      return 3;
    case 70000:
      return 4;
    default:
      return a;
  }
}
export function fibonacci(n: i32): i64 {
  n &= 7;
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
function isEven(n: u32): bool {
  return n == 0 ? true : isOdd(n - 1);
}
function isOdd(n: u32): bool {
  return n == 0 ? false : isEven(n - 1);
}
export function parity(n: u32): i32 {
  return isEven(n & 63) ? 1 : 0;
}
export function ackermann(m: u32, n: u32): u32 {
  m &= 1;
  n &= 7;
  return ack(m + 1, n);
}
function ack(m: u32, n: u32): u32 {
  if (m == 0) return n + 1;
  if (n == 0) return ack(m - 1, 1);
  return ack(m - 1, ack(m, n - 1));
}
export function nestedLoops(a: i32, b: i32): i64 {
  let sum: i64 = 0;
  for (let i = 0; i < (a & 31); i++) {
    for (let j = 0; j < (b & 31); j++) {
      if (j == i) continue;
      if (sum > 100000) break;
      sum += i * j + 1000000007 * <i64>j;
    }
    sum ^= 0x123456789;
  }
  return sum;
}
export function swapLoop(a: i64, b: i64, n: i32): i64 {
  n &= 31;
  while (n-- > 0) {
    const t = a;
    a = b;
    b = t + 1;
  }
  return a * 3 - b;
}
export function rotateThree(a: i64, b: i64, c: i64, n: i32): i64 {
  for (let i = 0; i < (n & 15); i++) {
    const t = a;
    a = b;
    b = c;
    c = t;
  }
  return a + b * 5 + c * 25;
}
export function logic(a: i32, b: i32, c: i32): i32 {
  if ((a > 3 && b < 7) || (c != 0 && a == b)) return 1;
  if (!(a < b) && (c & 1) == 0) return 2;
  return a < b == b < c ? 3 : 4;
}
let counter: i64 = 5;
let small: i32 = -3;
export function globals(a: i64, b: i32): i64 {
  counter += a;
  small ^= b;
  return counter * 3 + small;
}
export function gcd(a: u64, b: u64): u64 {
  a &= 0xffff;
  b &= 0xffff;
  while (b != 0) {
    const t = a % b;
    a = b;
    b = t;
  }
  return a;
}
