import { FloatFlag, RoundingMode } from '../../isa/index.ts';
import { signed, unpack, type Finite, type FloatNumber, type Layout } from './number.ts';
import { bitLength, rounded, type FloatResult } from './rounding.ts';

/** Zeros below a divided or rooted significand: enough for the precision, a bit that rounds, and one that was normalized away. */
const GUARD_BITS = 3;

function exactly(bits: bigint): FloatResult {
  return { bits, flags: 0 };
}

/** The canonical NaN of an operation that has no value. */
function invalid({ nan }: Layout): FloatResult {
  return { bits: nan, flags: FloatFlag.invalid };
}

/** What comes of operands of which one is a NaN. */
function nanOf(layout: Layout, operands: readonly FloatNumber[]): FloatResult {
  const signals = operands.some((operand) => operand.kind === 'nan' && operand.isSignaling);
  return signals ? invalid(layout) : exactly(layout.nan);
}

function infinity(layout: Layout, isNegative: boolean): FloatResult {
  return exactly(signed(layout, isNegative, layout.infinity));
}

function zero(layout: Layout, isNegative: boolean): FloatResult {
  return exactly(signed(layout, isNegative, 0n));
}

function withSign({ isNegative, significand }: Finite): bigint {
  return isNegative ? -significand : significand;
}

/** The sum of two finite numbers, which may be more exact than the format. */
function sumOfFinite(layout: Layout, left: Finite, right: Finite, mode: number): FloatResult {
  const exponent = Math.min(left.exponent, right.exponent);
  const sum =
    (withSign(left) << BigInt(left.exponent - exponent)) +
    (withSign(right) << BigInt(right.exponent - exponent));
  if (sum === 0n) {
    const agrees = left.isNegative === right.isNegative;
    return zero(layout, agrees ? left.isNegative : mode === RoundingMode.rdn);
  }
  const isNegative = sum < 0n;
  return rounded(layout, { isNegative, significand: isNegative ? -sum : sum, exponent }, mode);
}

function sum(layout: Layout, left: FloatNumber, right: FloatNumber, mode: number): FloatResult {
  if (left.kind === 'nan' || right.kind === 'nan') return nanOf(layout, [left, right]);
  if (left.kind === 'infinity') {
    const cancels = right.kind === 'infinity' && right.isNegative !== left.isNegative;
    return cancels ? invalid(layout) : infinity(layout, left.isNegative);
  }
  if (right.kind === 'infinity') return infinity(layout, right.isNegative);
  return sumOfFinite(layout, left, right, mode);
}

/** Adds. */
export function add(layout: Layout, left: bigint, right: bigint, mode: number): FloatResult {
  return sum(layout, unpack(layout, left), unpack(layout, right), mode);
}

function isZero(number: FloatNumber): boolean {
  return number.kind === 'finite' && number.significand === 0n;
}

/** The product without rounding; `undefined` where there is none: infinity times zero. */
function product(left: FloatNumber, right: FloatNumber): FloatNumber | undefined {
  if (left.kind === 'nan') return left;
  if (right.kind === 'nan') return right;
  const isNegative = left.isNegative !== right.isNegative;
  if (left.kind === 'finite' && right.kind === 'finite') {
    const significand = left.significand * right.significand;
    const exponent = left.exponent + right.exponent;
    return { kind: 'finite', isNegative, significand, exponent };
  }
  return isZero(left) || isZero(right) ? undefined : { kind: 'infinity', isNegative };
}

/** Multiplies. */
export function multiply(layout: Layout, left: bigint, right: bigint, mode: number): FloatResult {
  const factors = [unpack(layout, left), unpack(layout, right)] as const;
  const exact = product(...factors);
  if (exact === undefined) return invalid(layout);
  if (exact.kind === 'nan') return nanOf(layout, factors);
  if (exact.kind === 'infinity') return infinity(layout, exact.isNegative);
  if (exact.significand === 0n) return zero(layout, exact.isNegative);
  return rounded(layout, exact, mode);
}

/** Multiplies the first two and adds the third, rounding once. Infinity times zero is invalid even beside a quiet NaN. */
export function multiplyAdd(
  layout: Layout,
  left: bigint,
  right: bigint,
  addend: bigint,
  mode: number,
): FloatResult {
  const factors = [unpack(layout, left), unpack(layout, right)] as const;
  const exact = product(...factors);
  if (exact === undefined) return invalid(layout);
  const summand = unpack(layout, addend);
  if (exact.kind === 'nan' || summand.kind === 'nan') return nanOf(layout, [...factors, summand]);
  return sum(layout, exact, summand, mode);
}

function quotient(layout: Layout, dividend: Finite, divisor: Finite, mode: number): FloatResult {
  const isNegative = dividend.isNegative !== divisor.isNegative;
  if (dividend.significand === 0n) return zero(layout, isNegative);
  const lack = bitLength(divisor.significand) - bitLength(dividend.significand);
  const shift = Math.max(0, lack + layout.precision + GUARD_BITS);
  const scaled = dividend.significand << BigInt(shift);
  const significand = scaled / divisor.significand;
  const hasMore = significand * divisor.significand !== scaled;
  const exponent = dividend.exponent - divisor.exponent - shift;
  return rounded(layout, { isNegative, significand, exponent, hasMore }, mode);
}

/** Divides. */
export function divide(
  layout: Layout,
  dividend: bigint,
  divisor: bigint,
  mode: number,
): FloatResult {
  const over = unpack(layout, dividend);
  const under = unpack(layout, divisor);
  if (over.kind === 'nan' || under.kind === 'nan') return nanOf(layout, [over, under]);
  const isNegative = over.isNegative !== under.isNegative;
  if (over.kind === 'infinity') {
    return under.kind === 'infinity' ? invalid(layout) : infinity(layout, isNegative);
  }
  if (under.kind === 'infinity') return zero(layout, isNegative);
  if (under.significand !== 0n) return quotient(layout, over, under, mode);
  if (over.significand === 0n) return invalid(layout);
  return { ...infinity(layout, isNegative), flags: FloatFlag.divideByZero };
}

/** The largest integer whose square is not larger: Newton's iteration from above. */
function integerRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(bitLength(value) / 2));
  for (;;) {
    const better = (root + value / root) >> 1n;
    if (better >= root) return root;
    root = better;
  }
}

/** Takes the square root; that of minus zero is minus zero. */
export function squareRoot(layout: Layout, operand: bigint, mode: number): FloatResult {
  const number = unpack(layout, operand);
  if (number.kind === 'nan') return nanOf(layout, [number]);
  if (isZero(number)) return exactly(operand);
  if (number.isNegative) return invalid(layout);
  if (number.kind === 'infinity') return exactly(operand);
  const lack = 2 * (layout.precision + GUARD_BITS) - bitLength(number.significand);
  // The exponent of a root is half of an even one.
  const shift = lack + ((number.exponent - lack) & 1);
  const scaled = number.significand << BigInt(shift);
  const significand = integerRoot(scaled);
  const hasMore = significand * significand !== scaled;
  const exponent = (number.exponent - shift) / 2;
  return rounded(layout, { isNegative: false, significand, exponent, hasMore }, mode);
}
