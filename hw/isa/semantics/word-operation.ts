import { i32, i64, type I32, type I64 } from './expression.ts';

/** Sign-extends the result of a 32-bit operation on the low halves. */
export function onWords(operation: (left: I32, right: I32) => I32, left: I64, right: I64): I64 {
  return i64.extend_i32_s(operation(i32.wrap_i64(left), i32.wrap_i64(right)));
}
