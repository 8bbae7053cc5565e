import type { BinaryOp, UnaryOp } from '../isa/index.ts';

/**
 * What each WebAssembly operation computes, on the oracle's representation: an `i64` is a BigInt from 0 to 2^64 - 1,
 * an `i32` a number from -2^31 to 2^31 - 1.
 */

type OpOf<Op extends string, From extends 'i32' | 'i64'> = Extract<Op, `${From}.${string}`>;
type Comparison<Op extends string> = Extract<
  Op,
  `i64.${'eq' | 'ne' | `${'lt' | 'gt' | 'le' | 'ge'}_${'s' | 'u'}`}`
>;

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);
const flag = (condition: boolean): number => (condition ? 1 : 0);
const extend = (bits: number, value: bigint): bigint => wrap(BigInt.asIntN(bits, value));
const bitLength = (value: bigint): bigint => (value === 0n ? 0n : BigInt(value.toString(2).length));
const ones = (value: bigint): bigint => BigInt(value.toString(2).replaceAll('0', '').length);

function rotateLeft(value: bigint, amount: bigint): bigint {
  return wrap(value << amount) | (value >> (64n - amount));
}

function rotateLeft32(value: number, amount: number): number {
  return (value << amount) | (value >>> (32 - amount));
}

/** Operations that yield an `i64` from two. */
export const binary64: Readonly<
  Record<
    Exclude<OpOf<BinaryOp, 'i64'>, Comparison<BinaryOp>>,
    (left: bigint, right: bigint) => bigint
  >
> = {
  'i64.add': (left, right) => wrap(left + right),
  'i64.sub': (left, right) => wrap(left - right),
  'i64.mul': (left, right) => wrap(left * right),
  'i64.div_s': (left, right) => wrap(signed(left) / signed(right)),
  'i64.div_u': (left, right) => left / right,
  'i64.rem_s': (left, right) => wrap(signed(left) % signed(right)),
  'i64.rem_u': (left, right) => left % right,
  'i64.and': (left, right) => left & right,
  'i64.or': (left, right) => left | right,
  'i64.xor': (left, right) => left ^ right,
  'i64.shl': (left, right) => wrap(left << (right & 63n)),
  'i64.shr_s': (left, right) => wrap(signed(left) >> (right & 63n)),
  'i64.shr_u': (left, right) => left >> (right & 63n),
  'i64.rotl': (left, right) => rotateLeft(left, right & 63n),
  'i64.rotr': (left, right) => rotateLeft(left, -right & 63n),
};

/** Operations that compare two `i64` and yield 0 or 1. */
export const compare64: Readonly<
  Record<Comparison<BinaryOp>, (left: bigint, right: bigint) => number>
> = {
  'i64.eq': (left, right) => flag(left === right),
  'i64.ne': (left, right) => flag(left !== right),
  'i64.lt_s': (left, right) => flag(signed(left) < signed(right)),
  'i64.lt_u': (left, right) => flag(left < right),
  'i64.gt_s': (left, right) => flag(signed(left) > signed(right)),
  'i64.gt_u': (left, right) => flag(left > right),
  'i64.le_s': (left, right) => flag(signed(left) <= signed(right)),
  'i64.le_u': (left, right) => flag(left <= right),
  'i64.ge_s': (left, right) => flag(signed(left) >= signed(right)),
  'i64.ge_u': (left, right) => flag(left >= right),
};

/** Operations on two `i32`, comparisons included. */
export const binary32: Readonly<
  Record<OpOf<BinaryOp, 'i32'>, (left: number, right: number) => number>
> = {
  'i32.add': (left, right) => (left + right) | 0,
  'i32.sub': (left, right) => (left - right) | 0,
  'i32.mul': (left, right) => Math.imul(left, right),
  'i32.div_s': (left, right) => (left / right) | 0,
  'i32.div_u': (left, right) => ((left >>> 0) / (right >>> 0)) | 0,
  'i32.rem_s': (left, right) => (left % right) | 0,
  'i32.rem_u': (left, right) => ((left >>> 0) % (right >>> 0)) | 0,
  'i32.and': (left, right) => left & right,
  'i32.or': (left, right) => left | right,
  'i32.xor': (left, right) => left ^ right,
  'i32.shl': (left, right) => left << right,
  'i32.shr_s': (left, right) => left >> right,
  'i32.shr_u': (left, right) => (left >>> right) | 0,
  'i32.rotl': (left, right) => rotateLeft32(left, right & 31),
  'i32.rotr': (left, right) => rotateLeft32(left, -right & 31),
  'i32.eq': (left, right) => flag(left === right),
  'i32.ne': (left, right) => flag(left !== right),
  'i32.lt_s': (left, right) => flag(left < right),
  'i32.lt_u': (left, right) => flag(left >>> 0 < right >>> 0),
  'i32.gt_s': (left, right) => flag(left > right),
  'i32.gt_u': (left, right) => flag(left >>> 0 > right >>> 0),
  'i32.le_s': (left, right) => flag(left <= right),
  'i32.le_u': (left, right) => flag(left >>> 0 <= right >>> 0),
  'i32.ge_s': (left, right) => flag(left >= right),
  'i32.ge_u': (left, right) => flag(left >>> 0 >= right >>> 0),
};

/** Operations that yield an `i64` from one. */
export const unary64: Readonly<
  Record<Exclude<OpOf<UnaryOp, 'i64'>, ToI32 | FromI32>, (operand: bigint) => bigint>
> = {
  'i64.clz': (operand) => 64n - bitLength(operand),
  'i64.ctz': (operand) => (operand === 0n ? 64n : bitLength(operand & -operand) - 1n),
  'i64.popcnt': ones,
  'i64.extend8_s': (operand) => extend(8, operand),
  'i64.extend16_s': (operand) => extend(16, operand),
  'i64.extend32_s': (operand) => extend(32, operand),
};

type FromI32 = 'i64.extend_i32_s' | 'i64.extend_i32_u';
type ToI32 = 'i64.eqz';

/** Operations that widen an `i32` to an `i64`. */
export const widen: Readonly<Record<FromI32, (operand: number) => bigint>> = {
  'i64.extend_i32_s': (operand) => wrap(BigInt(operand)),
  'i64.extend_i32_u': (operand) => BigInt(operand >>> 0),
};

/** Operations that reduce an `i64` to an `i32`. */
export const narrow: Readonly<Record<ToI32 | 'i32.wrap_i64', (operand: bigint) => number>> = {
  'i64.eqz': (operand) => flag(operand === 0n),
  'i32.wrap_i64': (operand) => Number(BigInt.asIntN(32, operand)),
};

/** Operations that yield an `i32` from one. */
export const unary32: Readonly<
  Record<Exclude<OpOf<UnaryOp, 'i32'>, 'i32.wrap_i64'>, (operand: number) => number>
> = {
  'i32.clz': (operand) => Math.clz32(operand),
  'i32.ctz': (operand) => (operand === 0 ? 32 : 31 - Math.clz32(operand & -operand)),
  'i32.popcnt': (operand) => Number(ones(BigInt(operand >>> 0))),
  'i32.extend8_s': (operand) => (operand << 24) >> 24,
  'i32.extend16_s': (operand) => (operand << 16) >> 16,
  'i32.eqz': (operand) => flag(operand === 0),
};
