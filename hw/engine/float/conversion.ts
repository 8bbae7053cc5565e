import { FloatFlag, type IntegerFormat } from '../../isa/index.ts';
import { signed, unpack, type Layout } from './number.ts';
import { cut, rounded, type FloatResult } from './rounding.ts';

/** Widths of the integer formats, and whether they have a sign. */
const integers: Readonly<
  Record<IntegerFormat, { readonly width: number; readonly signed: boolean }>
> = {
  w: { width: 32, signed: true },
  wu: { width: 32, signed: false },
  l: { width: 64, signed: true },
  lu: { width: 64, signed: false },
};

/** The number nearest to an integer register's value. */
export function fromInteger(
  layout: Layout,
  format: IntegerFormat,
  register: bigint,
  mode: number,
): FloatResult {
  const { width, signed: hasSign } = integers[format];
  const value = hasSign ? BigInt.asIntN(width, register) : BigInt.asUintN(width, register);
  if (value === 0n) return { bits: 0n, flags: 0 };
  const isNegative = value < 0n;
  return rounded(
    layout,
    { isNegative, significand: isNegative ? -value : value, exponent: 0 },
    mode,
  );
}

/** A 64-bit register with an integer of the format in it: one of 32 bits is sign-extended, unsigned or not. */
function register(width: number, value: bigint): bigint {
  return BigInt.asUintN(64, BigInt.asIntN(width, value));
}

/** The integer nearest to a number; the limit of the format where that is out of range, its upper one for a NaN. */
export function toInteger(
  layout: Layout,
  format: IntegerFormat,
  bits: bigint,
  mode: number,
): FloatResult {
  const { width, signed: hasSign } = integers[format];
  const highest = (1n << BigInt(hasSign ? width - 1 : width)) - 1n;
  const lowest = hasSign ? -highest - 1n : 0n;
  const number = unpack(layout, bits);
  const beyond = (isNegative: boolean): FloatResult => ({
    bits: register(width, isNegative ? lowest : highest),
    flags: FloatFlag.invalid,
  });
  if (number.kind === 'nan') return beyond(false);
  const { isNegative } = number;
  if (number.kind === 'infinity') return beyond(isNegative);
  const { kept, isInexact } = integral(number, mode);
  const value = isNegative ? -kept : kept;
  if (value < lowest || value > highest) return beyond(isNegative);
  return { bits: register(width, value), flags: isInexact ? FloatFlag.inexact : 0 };
}

function integral(
  number: { readonly isNegative: boolean; readonly significand: bigint; readonly exponent: number },
  mode: number,
): { readonly kept: bigint; readonly isInexact: boolean } {
  const { significand, exponent } = number;
  if (exponent >= 0) return { kept: significand << BigInt(exponent), isInexact: false };
  return cut(number, -exponent, mode);
}

/** The same number in another format, rounded if it does not fit. */
export function reformat(from: Layout, to: Layout, bits: bigint, mode: number): FloatResult {
  const number = unpack(from, bits);
  switch (number.kind) {
    case 'nan':
      return { bits: to.nan, flags: number.isSignaling ? FloatFlag.invalid : 0 };
    case 'infinity':
      return { bits: signed(to, number.isNegative, to.infinity), flags: 0 };
    case 'finite':
      return number.significand === 0n
        ? { bits: signed(to, number.isNegative, 0n), flags: 0 }
        : rounded(to, number, mode);
  }
}
