import { FloatFlag, RoundingMode } from '../../isa/index.ts';
import { signed, type Finite, type Layout } from './number.ts';

/** The bits that an operation yields, and what it reports (`FloatFlag`). */
export interface FloatResult {
  readonly bits: bigint;
  readonly flags: number;
}

/** A value to be rounded; `hasMore` says that its magnitude is larger than stated by less than the last bit. */
export interface Exact extends Finite {
  readonly hasMore?: boolean;
}

/** Number of bits up to the highest that is set. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const digits = value.toString(16);
  return digits.length * 4 + 28 - Math.clz32(parseInt(digits.charAt(0), 16));
}

/** Whether the magnitude is rounded away from zero; `rest` compares what is cut off with half of the last kept bit. */
function roundsAway(
  mode: number,
  isNegative: boolean,
  isOdd: boolean,
  rest: 'none' | 'below' | 'half' | 'above',
): boolean {
  if (rest === 'none') return false;
  switch (mode) {
    case RoundingMode.rne:
      return rest === 'above' || (rest === 'half' && isOdd);
    case RoundingMode.rmm:
      return rest !== 'below';
    case RoundingMode.rdn:
      return isNegative;
    case RoundingMode.rup:
      return !isNegative;
    default:
      return false;
  }
}

/** Cuts bits off a magnitude, at least none, and rounds what is left. */
export function cut(
  { isNegative, significand, hasMore = false }: Omit<Exact, 'exponent'>,
  count: number,
  mode: number,
): { readonly kept: bigint; readonly isInexact: boolean } {
  const amount = BigInt(count);
  const kept = significand >> amount;
  const rest = significand - (kept << amount);
  const half = amount === 0n ? 1n : 1n << (amount - 1n);
  const isInexact = rest !== 0n || hasMore;
  const above = rest > half || (rest === half && hasMore);
  const compared = above ? 'above' : rest === half ? 'half' : isInexact ? 'below' : 'none';
  const away = roundsAway(mode, isNegative, (kept & 1n) !== 0n, compared);
  return { kept: away ? kept + 1n : kept, isInexact };
}

/** Whether a value is tiny: rounded as if exponents had no lower end, it is less than every normal number (unpriv 20.2). */
function isTiny({ precision, leastExponent }: Layout, exact: Exact, mode: number): boolean {
  const length = bitLength(exact.significand);
  const below = leastExponent + precision - 1 - (length - 1 + exact.exponent);
  if (below !== 1 || length < precision) return below > 0;
  return cut(exact, length - precision, mode).kept >> BigInt(precision) === 0n;
}

/** The bits of a value that is not zero, correctly rounded. With `hasMore`, it must have more bits than the precision. */
export function rounded(layout: Layout, exact: Exact, mode: number): FloatResult {
  const { precision, leastExponent } = layout;
  const { isNegative, significand, exponent } = exact;
  const excess = Math.max(bitLength(significand) - precision, leastExponent - exponent);
  const { kept, isInexact } =
    excess < 0
      ? { kept: significand << BigInt(-excess), isInexact: false }
      : cut(exact, excess, mode);
  // The implied bit counts as one step of the exponent, and a carry out of the significand as another.
  const steps = BigInt(exponent + excess - leastExponent);
  const magnitude = (steps << BigInt(precision - 1)) + kept;
  if (magnitude >= layout.infinity) return overflow(layout, isNegative, mode);
  const bits = signed(layout, isNegative, magnitude);
  if (!isInexact) return { bits, flags: 0 };
  const flags = FloatFlag.inexact | (isTiny(layout, exact, mode) ? FloatFlag.underflow : 0);
  return { bits, flags };
}

function overflow(layout: Layout, isNegative: boolean, mode: number): FloatResult {
  const away = roundsAway(mode, isNegative, true, 'above');
  const bits = signed(layout, isNegative, away ? layout.infinity : layout.largest);
  return { bits, flags: FloatFlag.overflow | FloatFlag.inexact };
}
