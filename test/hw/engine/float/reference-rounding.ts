import { order, type Dyadic, type Exact, scaled } from './exact-value.ts';

/** One of the two formats, as the standard's table of parameters has them. */
export interface Parameters {
  readonly width: 32 | 64;
  /** Digits of the significand. */
  readonly p: 24 | 53;
  readonly emax: 127 | 1023;
}

/** The parameters of single and double precision. */
export const parameters = {
  s: { width: 32, p: 24, emax: 127 },
  d: { width: 64, p: 53, emax: 1023 },
} as const satisfies Record<string, Parameters>;

/** Rounding modes under the numbers of `frm`. */
export const modes = [0, 1, 2, 3, 4] as const;
const [NEAREST_EVEN, TOWARD_ZERO, DOWN, UP, NEAREST_AWAY] = modes;

export const NX = 1;
export const UF = 2;
export const OF = 4;
export const DZ = 8;
export const NV = 16;

/** Bits and flags that an operation should yield. */
export interface Expected {
  readonly bits: bigint;
  readonly flags: number;
}

/** The bits of positive infinity; the bits of a positive number are its place among all of them. */
export function infinityOf({ width, p }: Parameters): bigint {
  return (1n << BigInt(width - 1)) - (1n << BigInt(p - 1));
}

/** The number at a place; the one after the largest is where the next would be. */
export function valueAt({ p, emax }: Parameters, place: bigint): Dyadic {
  const biased = Number(place >> BigInt(p - 1));
  const fraction = place - (BigInt(biased) << BigInt(p - 1));
  const emin = 1 - emax;
  if (biased === 0) return { m: fraction, e: emin - p + 1 };
  return { m: fraction + (1n << BigInt(p - 1)), e: emin + biased - p };
}

/** The place of the largest number that is not greater than the exact one. */
function placeBelow(format: Parameters, exact: Exact): bigint {
  const { p, emax } = format;
  const emin = 1 - emax;
  const largest = infinityOf(format) - 1n;
  const steps = exact.exponent - emin + 1;
  const guess =
    steps > 2 * emax + 1
      ? largest
      : steps < 1 - p
        ? 0n
        : steps < 1
          ? BigInt(Math.floor(exact.mantissa * 2 ** (p - 2 + steps)))
          : (BigInt(steps) << BigInt(p - 1)) +
            BigInt(Math.floor((exact.mantissa - 1) * 2 ** (p - 1)));
  let place = guess > largest ? largest : guess < 0n ? 0n : guess;
  while (exact.compare(valueAt(format, place)) < 0) place -= 1n;
  while (place < largest && exact.compare(valueAt(format, place + 1n)) >= 0) place += 1n;
  return place;
}

/** Whether the neighbour above is the result: by the mode, by the nearer one, by the even one. */
function goesUp(
  format: Parameters,
  exact: Exact,
  place: bigint,
  isNegative: boolean,
  mode: number,
): boolean {
  if (mode === TOWARD_ZERO) return false;
  if (mode === DOWN) return isNegative;
  if (mode === UP) return !isNegative;
  const [below, above] = [valueAt(format, place), valueAt(format, place + 1n)];
  const e = Math.min(below.e, above.e);
  const sum = (below.m << BigInt(below.e - e)) + (above.m << BigInt(above.e - e));
  const side = exact.compare({ m: sum, e: e - 1 });
  if (side !== 0) return side > 0;
  if (mode !== NEAREST_EVEN && mode !== NEAREST_AWAY) throw new Error('no such rounding mode');
  return mode === NEAREST_AWAY || place % 2n === 1n;
}

/** A power of two that lifts every number below the smallest normal one among the normal ones, and none out of the range. */
const LIFT = 200;

/** Less than the smallest normal number after rounding with no lower bound to exponents. */
function isTiny(format: Parameters, exact: Exact, isNegative: boolean, mode: number): boolean {
  const smallestNormal = { m: 1n, e: 1 - format.emax };
  if (exact.compare(smallestNormal) >= 0) return false;
  const lift = format.p === 53 ? 5 * LIFT : LIFT / 2 + format.p;
  const lifted = scaled(exact, lift);
  const place = placeBelow(format, lifted);
  const isExact = lifted.compare(valueAt(format, place)) === 0;
  const up = !isExact && goesUp(format, lifted, place, isNegative, mode);
  const { m, e } = valueAt(format, up ? place + 1n : place);
  return order({ m, e: e - lift }, smallestNormal) < 0;
}

/** The number of a format that an exact one, with its sign, is rounded to. */
export function round(
  format: Parameters,
  exact: Exact,
  isNegative: boolean,
  mode: number,
): Expected {
  const sign = isNegative ? 1n << BigInt(format.width - 1) : 0n;
  const infinity = infinityOf(format);
  const beyond = valueAt(format, infinity);
  const place = placeBelow(format, exact);
  if (exact.compare(valueAt(format, place)) === 0) return { bits: sign + place, flags: 0 };
  const up = goesUp(format, exact, place, isNegative, mode);
  if (exact.compare(beyond) >= 0) {
    const stays = mode === TOWARD_ZERO || mode === (isNegative ? UP : DOWN);
    return { bits: sign + (stays ? infinity - 1n : infinity), flags: OF | NX };
  }
  const result = up ? place + 1n : place;
  if (result === infinity) return { bits: sign + infinity, flags: OF | NX };
  const tiny = isTiny(format, exact, isNegative, mode) ? UF : 0;
  return { bits: sign + result, flags: NX | tiny };
}
