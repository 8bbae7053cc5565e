import { exactly, order, plus, quotient, root, signOf, times, type Dyadic } from './exact-value.ts';
import {
  DZ,
  infinityOf,
  NV,
  NX,
  parameters,
  round,
  valueAt,
  type Expected,
  type Parameters,
} from './reference-rounding.ts';

/**
 * The operations of F and D once more, from the manual and IEEE 754, with real numbers in place of significands: a result is
 * found among the numbers of the format by comparing. Nothing here comes from `hw/`.
 */

type Format = keyof typeof parameters;

interface Reading {
  readonly isNegative: boolean;
  readonly isNan: boolean;
  readonly isSignaling: boolean;
  readonly isInfinite: boolean;
  /** With its sign; 0 where there is none. */
  readonly value: Dyadic;
}

const DOWN = 2;
const ZERO: Dyadic = { m: 0n, e: 0 };

function read(format: Parameters, bits: bigint): Reading {
  const isNegative = bits >> BigInt(format.width - 1) === 1n;
  const place = BigInt.asUintN(format.width - 1, bits);
  const infinity = infinityOf(format);
  const isNan = place > infinity;
  const isInfinite = place === infinity;
  const quiet = 1n << BigInt(format.p - 2);
  const isSignaling = isNan && (place & quiet) === 0n;
  const { m, e } = isNan || isInfinite ? ZERO : valueAt(format, place);
  return { isNegative, isNan, isSignaling, isInfinite, value: { m: isNegative ? -m : m, e } };
}

function canonicalNan(format: Parameters): bigint {
  return infinityOf(format) + (1n << BigInt(format.p - 2));
}

function nan(format: Parameters, ...operands: readonly Reading[]): Expected {
  const flags = operands.some(({ isSignaling }) => isSignaling) ? NV : 0;
  return { bits: canonicalNan(format), flags };
}

function invalid(format: Parameters): Expected {
  return { bits: canonicalNan(format), flags: NV };
}

function withSign(format: Parameters, isNegative: boolean, place: bigint): Expected {
  return { bits: (isNegative ? 1n << BigInt(format.width - 1) : 0n) + place, flags: 0 };
}

function magnitude({ m, e }: Dyadic): Dyadic {
  return { m: m < 0n ? -m : m, e };
}

function isZero({ isNan, isInfinite, value }: Reading): boolean {
  return !isNan && !isInfinite && value.m === 0n;
}

/** A sum of infinities and finite numbers, the first of which may be a product. */
function sum(format: Parameters, a: Reading, b: Reading, mode: number): Expected {
  if (a.isInfinite && b.isInfinite && a.isNegative !== b.isNegative) return invalid(format);
  if (a.isInfinite) return withSign(format, a.isNegative, infinityOf(format));
  if (b.isInfinite) return withSign(format, b.isNegative, infinityOf(format));
  const total = plus(a.value, b.value);
  if (total.m !== 0n) return round(format, exactly(magnitude(total)), signOf(total) < 0, mode);
  const isNegative = a.isNegative === b.isNegative ? a.isNegative : mode === DOWN;
  return withSign(format, isNegative, 0n);
}

function add(format: Parameters, x: bigint, y: bigint, mode: number): Expected {
  const [a, b] = [read(format, x), read(format, y)];
  return a.isNan || b.isNan ? nan(format, a, b) : sum(format, a, b, mode);
}

function multiply(format: Parameters, x: bigint, y: bigint, mode: number): Expected {
  const [a, b] = [read(format, x), read(format, y)];
  if (a.isNan || b.isNan) return nan(format, a, b);
  const isNegative = a.isNegative !== b.isNegative;
  if ((a.isInfinite && isZero(b)) || (isZero(a) && b.isInfinite)) return invalid(format);
  if (a.isInfinite || b.isInfinite) return withSign(format, isNegative, infinityOf(format));
  const product = magnitude(times(a.value, b.value));
  if (product.m === 0n) return withSign(format, isNegative, 0n);
  return round(format, exactly(product), isNegative, mode);
}

function divide(format: Parameters, x: bigint, y: bigint, mode: number): Expected {
  const [a, b] = [read(format, x), read(format, y)];
  if (a.isNan || b.isNan) return nan(format, a, b);
  const isNegative = a.isNegative !== b.isNegative;
  if ((a.isInfinite && b.isInfinite) || (isZero(a) && isZero(b))) return invalid(format);
  if (a.isInfinite) return withSign(format, isNegative, infinityOf(format));
  if (b.isInfinite || isZero(a)) return withSign(format, isNegative, 0n);
  if (isZero(b)) return { ...withSign(format, isNegative, infinityOf(format)), flags: DZ };
  return round(format, quotient(magnitude(a.value), magnitude(b.value)), isNegative, mode);
}

function squareRoot(format: Parameters, x: bigint, mode: number): Expected {
  const a = read(format, x);
  if (a.isNan) return nan(format, a);
  if (isZero(a)) return { bits: x, flags: 0 };
  if (a.isNegative) return invalid(format);
  if (a.isInfinite) return { bits: x, flags: 0 };
  return round(format, root(a.value), false, mode);
}

function multiplyAdd(format: Parameters, x: bigint, y: bigint, z: bigint, mode: number): Expected {
  const [a, b, c] = [read(format, x), read(format, y), read(format, z)];
  const hasNoProduct = (a.isInfinite && isZero(b)) || (isZero(a) && b.isInfinite);
  if (hasNoProduct) return invalid(format);
  if (a.isNan || b.isNan || c.isNan) return nan(format, a, b, c);
  const product: Reading = {
    isNegative: a.isNegative !== b.isNegative,
    isNan: false,
    isSignaling: false,
    isInfinite: a.isInfinite || b.isInfinite,
    value: times(a.value, b.value),
  };
  return sum(format, product, c, mode);
}

/** IEEE 754-2019 `minimumNumber` and `maximumNumber`. */
function extreme(format: Parameters, x: bigint, y: bigint, wantsLess: boolean): Expected {
  const [a, b] = [read(format, x), read(format, y)];
  const flags = a.isSignaling || b.isSignaling ? NV : 0;
  if (a.isNan && b.isNan) return { bits: canonicalNan(format), flags };
  if (a.isNan) return { bits: y, flags };
  if (b.isNan) return { bits: x, flags };
  const compared = compareNumbers(a, b);
  const isFirstLess = compared < 0 || (compared === 0 && a.isNegative);
  return { bits: isFirstLess === wantsLess ? x : y, flags };
}

function compareNumbers(a: Reading, b: Reading): number {
  const level = ({ isInfinite, isNegative }: Reading): number =>
    isInfinite ? (isNegative ? -1 : 1) : 0;
  return Math.sign(level(a) - level(b)) || order(a.value, b.value);
}

function compare(
  format: Parameters,
  x: bigint,
  y: bigint,
  holds: (compared: number) => boolean,
  isQuiet: boolean,
): Expected {
  const [a, b] = [read(format, x), read(format, y)];
  if (a.isNan || b.isNan) {
    const signals = !isQuiet || a.isSignaling || b.isSignaling;
    return { bits: 0n, flags: signals ? NV : 0 };
  }
  return { bits: holds(compareNumbers(a, b)) ? 1n : 0n, flags: 0 };
}

/** The integer that a number is rounded to. */
function nearest({ m, e }: Dyadic, mode: number): bigint {
  if (e >= 0) return m << BigInt(e);
  const unit = 1n << BigInt(-e);
  const floor = m >= 0n ? m / unit : -((-m + unit - 1n) / unit);
  const above = m - floor * unit;
  if (above === 0n) return floor;
  const isNegative = m < 0n;
  switch (mode) {
    case 1:
      return isNegative ? floor + 1n : floor;
    case 2:
      return floor;
    case 3:
      return floor + 1n;
  }
  if (2n * above !== unit) return 2n * above > unit ? floor + 1n : floor;
  if (mode === 0) return floor % 2n === 0n ? floor : floor + 1n;
  return isNegative ? floor : floor + 1n;
}

type Integer = 'w' | 'wu' | 'l' | 'lu';

function limits(to: Integer): readonly [lowest: bigint, highest: bigint] {
  switch (to) {
    case 'w':
      return [-(2n ** 31n), 2n ** 31n - 1n];
    case 'wu':
      return [0n, 2n ** 32n - 1n];
    case 'l':
      return [-(2n ** 63n), 2n ** 63n - 1n];
    case 'lu':
      return [0n, 2n ** 64n - 1n];
  }
}

function asRegister(to: Integer, value: bigint): bigint {
  const is32 = to === 'w' || to === 'wu';
  return BigInt.asUintN(64, is32 ? BigInt.asIntN(32, value) : value);
}

function toInteger(from: Parameters, to: Integer, x: bigint, mode: number): Expected {
  const a = read(from, x);
  const [lowest, highest] = limits(to);
  if (a.isNan || a.isInfinite) {
    const limit = a.isNegative && !a.isNan ? lowest : highest;
    return { bits: asRegister(to, limit), flags: NV };
  }
  const value = nearest(a.value, mode);
  if (value < lowest) return { bits: asRegister(to, lowest), flags: NV };
  if (value > highest) return { bits: asRegister(to, highest), flags: NV };
  const isExact = order({ m: value, e: 0 }, a.value) === 0;
  return { bits: asRegister(to, value), flags: isExact ? 0 : NX };
}

function fromInteger(to: Parameters, from: Integer, x: bigint, mode: number): Expected {
  const width = from === 'w' || from === 'wu' ? 32 : 64;
  const isSigned = from === 'w' || from === 'l';
  const value = isSigned ? BigInt.asIntN(width, x) : BigInt.asUintN(width, x);
  if (value === 0n) return { bits: 0n, flags: 0 };
  return round(to, exactly(magnitude({ m: value, e: 0 })), value < 0n, mode);
}

function reformat(from: Parameters, to: Parameters, x: bigint, mode: number): Expected {
  const a = read(from, x);
  if (a.isNan) return nan(to, a);
  if (a.isInfinite) return withSign(to, a.isNegative, infinityOf(to));
  if (a.value.m === 0n) return withSign(to, a.isNegative, 0n);
  return round(to, exactly(magnitude(a.value)), a.isNegative, mode);
}

function isFormat(name: string): name is Format {
  return name === 's' || name === 'd';
}

function convert(from: Format | Integer, to: Format | Integer, x: bigint, mode: number): Expected {
  if (!isFormat(from)) {
    if (!isFormat(to)) throw new Error('no conversion between integers');
    return fromInteger(parameters[to], from, x, mode);
  }
  const format = parameters[from];
  return isFormat(to) ? reformat(format, parameters[to], x, mode) : toInteger(format, to, x, mode);
}

/** What an action of `hw/isa` says statically. */
export interface Statics {
  readonly operation: string;
  readonly from: string;
  readonly to: string;
}

/** What an operation should yield; a result in single precision has no box around it. */
export function expected(
  { operation, from, to }: Statics,
  [x = 0n, y = 0n, z = 0n]: readonly bigint[],
  mode: number,
): Expected {
  if (operation === 'convert') {
    return convert(from as Format | Integer, to as Format | Integer, x, mode);
  }
  const format = parameters[from as Format];
  switch (operation) {
    case 'add':
      return add(format, x, y, mode);
    case 'multiply':
      return multiply(format, x, y, mode);
    case 'divide':
      return divide(format, x, y, mode);
    case 'squareRoot':
      return squareRoot(format, x, mode);
    case 'multiplyAdd':
      return multiplyAdd(format, x, y, z, mode);
    case 'minimum':
      return extreme(format, x, y, true);
    case 'maximum':
      return extreme(format, x, y, false);
    case 'equal':
      return compare(format, x, y, (order) => order === 0, true);
    case 'less':
      return compare(format, x, y, (order) => order < 0, false);
    case 'lessOrEqual':
      return compare(format, x, y, (order) => order <= 0, false);
    default:
      throw new Error(`no operation ${operation}`);
  }
}
