import type { DividerOperands } from './float-pipes.ts';

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

/** What the time of a division, or of a square root of `first`, depends on; the values are those of the registers. */
export function dividerOperands(
  isDouble: boolean,
  isSquareRoot: boolean,
  first: bigint,
  second: bigint,
): DividerOperands {
  const format = isDouble ? double : single;
  const isBoxed = (bits: bigint): boolean => isDouble || bits >> 32n === BOX;
  const a = take(first, format);
  const b = take(second, format);
  const isLarge = a.significand >= b.significand;
  const isEven = a.exponent % 2 === 0;
  const isOrdinary = isSquareRoot
    ? isBoxed(first) && !a.isSpecial && !a.isNegative
    : isBoxed(first) && isBoxed(second) && !a.isSpecial && !b.isSpecial;
  return { isOrdinary, isLarge, isEven };
}
