import {
  choose,
  i32,
  i64,
  type I32,
  type I64,
  type Instruction,
  letI64,
  select,
} from '../isa/index.ts';
import { dividerEffort, dividerOperands } from './core/divider-operands.ts';
import { floatDividerCycles } from './float-latency.ts';
import type { TimingParameters } from './parameters.ts';

/** The gap from a floating-point division or square root of `first` to a user of its result; 0 of any other instruction. */
export function floatDivisionGap(
  parameters: TimingParameters,
  { timing }: Instruction,
  first: bigint,
  second: bigint,
): number {
  const fewest = floatDividerCycles(parameters, timing);
  if (fewest === undefined) return 0;
  const isSquareRoot = timing.startsWith('floatSquareRoot');
  const operands = dividerOperands(timing.endsWith('Double'), isSquareRoot, first, second);
  const effort = dividerEffort(operands, isSquareRoot);
  if (effort === 'special') return parameters.floatDivideSpecial;
  return fewest + (effort === 'more' ? parameters.floatDivideShift : 0);
}

interface Format {
  readonly fractionBits: number;
  readonly exponentBits: number;
}

const FIRST = { type: 'i64', kind: 'floatRegister', operand: 'frs1' } as const;
const SECOND = { type: 'i64', kind: 'floatRegister', operand: 'frs2' } as const;
const single: Format = { fractionBits: 23, exponentBits: 8 };
const double: Format = { fractionBits: 52, exponentBits: 11 };
const LOW_HALF = i64.const(0xffff_ffffn);
const BOX = i64.const(0xffff_ffff_0000_0000n);
const WIDTH = 64;
const constant = (value: number): I64 => i64.const(BigInt(value));
const ones = (bits: number): I64 => i64.const((1n << BigInt(bits)) - 1n);

/** The same as an expression over the operands, for engines that generate code; `undefined` of any other instruction. */
export function floatDivisionGapOf(
  parameters: TimingParameters,
  { timing }: Instruction,
): I32 | undefined {
  const fewest = floatDividerCycles(parameters, timing);
  if (fewest === undefined) return undefined;
  const isDouble = timing.endsWith('Double');
  const format = isDouble ? double : single;
  const isSquareRoot = timing.startsWith('floatSquareRoot');
  const unbox = (register: I64): I64 => {
    // What is no single counts as a NaN, which is special.
    return isDouble
      ? register
      : select(i64.ge_u(register, BOX), i64.and(register, LOW_HALF), LOW_HALF);
  };
  const gap = letI64(unbox(FIRST), (first) => {
    const more = constant(fewest + parameters.floatDivideShift);
    const special = constant(parameters.floatDivideSpecial);
    if (isSquareRoot) {
      const ordinary = choose(hasEvenExponent(first, format), more, constant(fewest));
      return choose(isOrdinary(first, format), ordinary, special);
    }
    return letI64(unbox(SECOND), (second) => {
      const areOrdinary = i32.and(
        isOrdinary(magnitude(first, format), format),
        isOrdinary(magnitude(second, format), format),
      );
      const isBelowOne = i64.lt_u(significand(first, format), significand(second, format));
      return choose(areOrdinary, choose(isBelowOne, more, constant(fewest)), special);
    });
  });
  return i32.wrap_i64(gap);
}

function magnitude(value: I64, { fractionBits, exponentBits }: Format): I64 {
  return i64.and(value, ones(fractionBits + exponentBits));
}

/** Whether a value is neither zero nor negative nor infinite nor a NaN. */
function isOrdinary(value: I64, { fractionBits, exponentBits }: Format): I32 {
  const infinity = ((1n << BigInt(exponentBits)) - 1n) << BigInt(fractionBits);
  return i64.lt_u(i64.sub(value, constant(1)), i64.const(infinity - 1n));
}

function isSubnormal(value: I64, format: Format): I32 {
  return i64.eqz(i64.shr_u(magnitude(value, format), constant(format.fractionBits)));
}

/** By how many places a subnormal significand is moved to have its leading one where normal ones have it. */
function normalization(value: I64, format: Format): I64 {
  const fraction = i64.and(value, ones(format.fractionBits));
  return i64.sub(i64.clz(fraction), constant(WIDTH - 1 - format.fractionBits));
}

function significand(value: I64, format: Format): I64 {
  const fraction = i64.and(value, ones(format.fractionBits));
  const leading = i64.const(1n << BigInt(format.fractionBits));
  return select(
    isSubnormal(value, format),
    i64.shl(fraction, normalization(value, format)),
    i64.or(fraction, leading),
  );
}

/** The bias is odd; the exponent of subnormal numbers is even before they are normalized. */
function hasEvenExponent(value: I64, format: Format): I32 {
  const bit = select(
    isSubnormal(value, format),
    i64.xor(normalization(value, format), constant(1)),
    i64.shr_u(value, constant(format.fractionBits)),
  );
  return i32.wrap_i64(i64.and(bit, constant(1)));
}
