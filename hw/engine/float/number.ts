import type { FloatFormat } from '../../isa/index.ts';

/** How the numbers of a format are written as bits. */
export interface Layout {
  /** Bits of the significand, the implied one included. */
  readonly precision: number;
  /** Weight of the last bit of a subnormal number, as a power of two. */
  readonly leastExponent: number;
  /** The sign bit. */
  readonly sign: bigint;
  readonly infinity: bigint;
  readonly largest: bigint;
  /** The NaN that every operation yields (unpriv 20.3). */
  readonly nan: bigint;
}

function layoutOf(width: number, precision: number): Layout {
  const sign = 1n << BigInt(width - 1);
  const smallestNormal = 1n << BigInt(precision - 1);
  const infinity = sign - smallestNormal;
  return {
    precision,
    leastExponent: 3 - 2 ** (width - precision - 1) - precision,
    sign,
    infinity,
    largest: infinity - 1n,
    nan: infinity + smallestNormal / 2n,
  };
}

/** The formats by name. */
export const layouts: Readonly<Record<FloatFormat, Layout>> = {
  s: layoutOf(32, 24),
  d: layoutOf(64, 53),
};

/** A finite number, exactly: plus or minus `significand` times two to the `exponent`. Zeros have a sign too. */
export interface Finite {
  readonly isNegative: boolean;
  readonly significand: bigint;
  readonly exponent: number;
}

/** A number taken apart. */
export type FloatNumber =
  | ({ readonly kind: 'finite' } & Finite)
  | { readonly kind: 'infinity'; readonly isNegative: boolean }
  | { readonly kind: 'nan'; readonly isSignaling: boolean };

/** Takes the bits of a number apart. */
export function unpack(layout: Layout, bits: bigint): FloatNumber {
  const isNegative = (bits & layout.sign) !== 0n;
  const magnitude = isNegative ? bits - layout.sign : bits;
  if (magnitude > layout.infinity) return { kind: 'nan', isSignaling: magnitude < layout.nan };
  if (magnitude === layout.infinity) return { kind: 'infinity', isNegative };
  const stored = BigInt(layout.precision - 1);
  const step = Number(magnitude >> stored);
  const fraction = BigInt.asUintN(layout.precision - 1, magnitude);
  if (step === 0) {
    return { kind: 'finite', isNegative, significand: fraction, exponent: layout.leastExponent };
  }
  const significand = fraction | (1n << stored);
  return { kind: 'finite', isNegative, significand, exponent: layout.leastExponent + step - 1 };
}

/** Gives a magnitude its sign. */
export function signed(layout: Layout, isNegative: boolean, magnitude: bigint): bigint {
  return isNegative ? magnitude | layout.sign : magnitude;
}
