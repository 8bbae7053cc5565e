import { Control } from './control-word.ts';

/** What the time of a division or square root depends on, as members of a set; that of none is empty. */
const DividerOperands = {
  known: 1,
  /** Neither operand is special: zero, infinite, NaN, or the root of a negative number. */
  ordinary: 2,
  /** The quotient of the significands is at least 1. */
  large: 4,
  /** The exponent of the radicand is even. */
  even: 8,
} as const;

interface Taken {
  readonly isSpecial: boolean;
  readonly isNegative: boolean;
  readonly exponent: number;
  /** With the leading one, `digits` bits. */
  readonly significand: bigint;
}

interface Format {
  readonly digits: bigint;
  readonly exponentBits: bigint;
}

const single: Format = { digits: 24n, exponentBits: 8n };
const double: Format = { digits: 53n, exponentBits: 11n };
const BOX = 0xffff_ffffn;

function take(bits: bigint, { digits, exponentBits }: Format): Taken {
  const fractionBits = digits - 1n;
  const fraction = BigInt.asUintN(Number(fractionBits), bits);
  const field = (bits >> fractionBits) & ((1n << exponentBits) - 1n);
  const isNegative = ((bits >> (fractionBits + exponentBits)) & 1n) === 1n;
  const isSpecial = field === (1n << exponentBits) - 1n || (field === 0n && fraction === 0n);
  if (isSpecial || field !== 0n) {
    const exponent = Number(field) - (2 ** (Number(exponentBits) - 1) - 1);
    return { isSpecial, isNegative, exponent, significand: fraction | (1n << fractionBits) };
  }
  // A subnormal number, as the unit recodes it.
  const shift = Number(digits) - fraction.toString(2).length;
  const exponent = 2 - 2 ** (Number(exponentBits) - 1) - shift;
  return { isSpecial, isNegative, exponent, significand: fraction << BigInt(shift) };
}

/** The kind of the operands of a division, or of a square root of `first`: a number above 0. The values are those of the registers. */
export function dividerOperands(
  isDouble: boolean,
  isSquareRoot: boolean,
  first: bigint,
  second: bigint,
): number {
  const format = isDouble ? double : single;
  const isBoxed = (bits: bigint): boolean => isDouble || bits >> 32n === BOX;
  const a = take(first, format);
  const b = take(second, format);
  const isLarge = a.significand >= b.significand;
  const isEven = a.exponent % 2 === 0;
  const isOrdinary = isSquareRoot
    ? isBoxed(first) && !a.isSpecial && !a.isNegative
    : isBoxed(first) && isBoxed(second) && !a.isSpecial && !b.isSpecial;
  return (
    DividerOperands.known |
    (isOrdinary ? DividerOperands.ordinary : 0) |
    (isLarge ? DividerOperands.large : 0) |
    (isEven ? DividerOperands.even : 0)
  );
}

/** Whether operands of a kind are done with at once, or else whether they take an iteration more than the fewest. */
export function dividerEffort(
  operands: number,
  isSquareRoot: boolean,
): 'special' | 'fewest' | 'more' {
  if ((operands & DividerOperands.ordinary) === 0) return 'special';
  const takesMore = isSquareRoot
    ? (operands & DividerOperands.even) !== 0
    : (operands & DividerOperands.large) === 0;
  return takesMore ? 'more' : 'fewest';
}

/** How many cycles the divider takes for operands of a kind. */
export function dividerIterations(control: number, operands: number): number {
  const { digits } = (control & Control.isDouble) === 0 ? single : double;
  const isSquareRoot = (control & Control.isSquareRoot) !== 0;
  const effort = dividerEffort(operands, isSquareRoot);
  if (effort === 'special') return 1;
  const fewest = Number(digits) + (isSquareRoot ? 0 : 1);
  return fewest + (effort === 'more' ? 1 : 0);
}
