import { choose, i32, i64, type I32, type I64, letI64, select } from '../isa/index.ts';
import type { TimingParameters } from './parameters.ts';

/** `divideCycles` and `multiplyCycles` as expressions over the operands, for engines that generate code. */

const ZERO = i64.const(0n);
const WORD = i64.const(0xffff_ffffn);
const constant = (value: number): I64 => i64.const(BigInt(value));
const isNegative = (value: I64): I64 => i64.shr_u(value, i64.const(63n));
const magnitude = (value: I64): I64 => select(i64.lt_s(value, ZERO), i64.sub(ZERO, value), value);

/** Number of the highest set bit, 0 for 0 and for 1. */
function highestBit(value: I64): I64 {
  return i64.sub(constant(63), i64.clz(i64.or(value, constant(1))));
}

/** Cycles on top of issue of a multiplication. */
export function multiplyExtraOf(
  parameters: TimingParameters,
  operation: 'low' | 'word' | 'high',
  first: I64,
): I32 {
  const { multiplyBase, multiplyIterations, multiplyWordIterations, multiplyHigh } = parameters;
  if (operation === 'high') return i32.const(multiplyHigh - 1);
  const isWord = operation === 'word';
  const most = constant(isWord ? multiplyWordIterations : multiplyIterations);
  const operand = isWord ? i64.and(first, WORD) : first;
  const bytes = i64.shr_u(highestBit(operand), constant(3));
  const iterations = letI64(i64.add(bytes, constant(2)), (count) => {
    return select(i64.lt_u(count, most), count, most);
  });
  return i32.wrap_i64(i64.add(iterations, constant(multiplyBase - 1)));
}

/** Cycles on top of issue of a division or remainder. */
export function divideExtraOf(
  parameters: TimingParameters,
  operation: { readonly signed: boolean; readonly word: boolean; readonly remainder: boolean },
  first: I64,
  second: I64,
): I32 {
  const { divideBase, divideIteration, divideNegation } = parameters;
  const { divideByZero, divideOverflow } = parameters;
  const { signed, word, remainder } = operation;
  const narrow = (value: I64): I64 => {
    if (!word) return value;
    return signed ? i64.extend32_s(value) : i64.and(value, WORD);
  };
  const size = (value: I64): I64 => highestBit(signed ? magnitude(value) : value);
  const cycles = letI64(narrow(first), (dividend) =>
    letI64(narrow(second), (divisor) => {
      const difference = i64.and(i64.sub(size(dividend), size(divisor)), constant(63));
      const quotient = letI64(difference, (bits) => {
        const longest = i64.extend_i32_u(i64.eq(bits, constant(63)));
        const iterations = i64.mul(i64.sub(bits, longest), constant(divideIteration));
        const unsigned = i64.add(iterations, constant(divideBase - 1));
        const negations = i64.mul(signs(dividend, divisor, remainder), constant(divideNegation));
        return signed ? i64.add(unsigned, negations) : unsigned;
      });
      const overflows = i32.and(
        i64.eq(divisor, i64.const(-1n)),
        i64.eq(dividend, i64.const(-(1n << 63n))),
      );
      const divided = signed ? choose(overflows, constant(divideOverflow - 1), quotient) : quotient;
      return choose(i64.eqz(divisor), constant(divideByZero - 1), divided);
    }),
  );
  return i32.wrap_i64(cycles);
}

/** A cycle if an operand is made positive, and one if the result is made negative. */
function signs(dividend: I64, divisor: I64, remainder: boolean): I64 {
  const anyOperand = i64.or(isNegative(dividend), isNegative(divisor));
  const result = remainder
    ? isNegative(dividend)
    : i64.xor(isNegative(dividend), isNegative(divisor));
  return i64.add(anyOperand, result);
}
