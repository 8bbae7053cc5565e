import { BIAS, FRACTION_BITS, type FloatValues } from './values.ts';

/** Fused multiplications and additions: Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums", 2008. */

/** Factors between these have products, and errors of products, well inside the range of normal numbers. */
const SMALL_FACTOR = (BIAS - 480n) << FRACTION_BITS;
const LARGE_FACTOR = (BIAS + 480n) << FRACTION_BITS;
const SMALL_SUMMAND = (BIAS - 960n) << FRACTION_BITS;
const LARGE_SUMMAND = (BIAS + 960n) << FRACTION_BITS;
/** Splits a double into halves whose products are exact. */
const SPLITTER = 2 ** 27 + 1;

/** A sum rounded to odd: the last bit says whether there is more. The error tells whether it was exact. */
function oddSum(
  v: FloatValues,
  x: number,
  y: number,
): { readonly odd: number; readonly error: number } {
  const code = v.code;
  const sum = v.sum('inner sum', x, y);
  const error = v.errorOfSum('inner error', x, y, sum);
  const bits = v.i64('inner bits', () => {
    v.bits(sum);
  });
  const odd = v.f64('odd', () => {
    code.get(bits);
    // One step away from zero, or towards it, where the error is.
    code.i64(1n);
    code.i64(-1n);
    v.bits(error);
    code.get(bits);
    code.op('i64.xor');
    code.i64(0n);
    code.op('i64.ge_s');
    code.select();
    code.i64(0n);
    v.isNotZero(error);
    code.get(bits);
    code.op('i32.wrap_i64');
    code.i32(1);
    code.op('i32.and');
    code.op('i32.eqz');
    v.both();
    code.select();
    code.op('i64.add');
    code.float('f64.reinterpret_i64');
  });
  return { odd, error };
}

/** Multiplies and adds singles: the product is exact as a double. */
export function fuseSingles(v: FloatValues, a: number, b: number, c: number): void {
  const code = v.code;
  const product = v.f64('product', () => {
    v.promoted(a);
    v.promoted(b);
    code.float('f64.mul');
  });
  const z = v.f64('z', () => {
    v.promoted(c);
  });
  const { odd, error } = oddSum(v, product, z);
  const single = v.f32('single', () => {
    code.get(odd);
    code.float('f32.demote_f64');
  });
  v.isPlainSingle(single);
  v.leaveUnlessOr(() => {
    v.equalsZero(odd);
  });
  v.site.inexactIf(() => {
    code.get(single);
    code.float('f64.promote_f32');
    code.get(odd);
    code.float('f64.ne');
    v.isNotZero(error);
    v.either();
  });
  v.boxed(single);
}

/** Multiplies and adds doubles. */
export function fuseDoubles(v: FloatValues, a: number, b: number, c: number): void {
  const code = v.code;
  const [aSize, bSize] = [v.magnitude('a size', a), v.magnitude('b size', b)];
  const cSize = v.magnitude('c size', c);
  v.between(aSize, SMALL_FACTOR, LARGE_FACTOR);
  v.between(bSize, SMALL_FACTOR, LARGE_FACTOR);
  v.both();
  v.between(cSize, SMALL_SUMMAND, LARGE_SUMMAND);
  v.both();
  v.leaveUnlessOr(() => {
    // A zero is like any number, unless both the product and the third are: then the sign is a matter of its own.
    v.between(aSize, SMALL_FACTOR, LARGE_FACTOR);
    v.isZero(aSize);
    v.either();
    v.between(bSize, SMALL_FACTOR, LARGE_FACTOR);
    v.isZero(bSize);
    v.either();
    v.both();
    v.between(cSize, SMALL_SUMMAND, LARGE_SUMMAND);
    v.isZero(cSize);
    v.isZero(aSize);
    v.isZero(bSize);
    v.either();
    code.op('i32.eqz');
    v.both();
    v.either();
    v.both();
  });
  const x = v.f64('x', () => {
    v.asDouble(a);
  });
  const y = v.f64('y', () => {
    v.asDouble(b);
  });
  const z = v.f64('z', () => {
    v.asDouble(c);
  });
  const product = v.f64('product', () => {
    code.get(x);
    code.get(y);
    code.float('f64.mul');
  });
  const low = errorOfProduct(v, x, y, product);
  const lowSum = v.sum('low sum', z, low);
  const lowError = v.errorOfSum('low error', z, low, lowSum);
  const high = v.sum('high sum', product, lowSum);
  const highError = v.errorOfSum('high error', product, lowSum, high);
  const { odd, error } = oddSum(v, lowError, highError);
  const result = v.sum('sum', high, odd);
  v.site.inexactIf(() => {
    v.isNotZero(error);
    v.isNotZero(v.errorOfSum('error', high, odd, result));
    v.either();
  });
  v.bits(result);
}

/** What the product of two doubles lacks, exactly (Dekker). */
function errorOfProduct(v: FloatValues, x: number, y: number, product: number): number {
  const code = v.code;
  const [xHigh, xLow] = halves(v, 'x', x);
  const [yHigh, yLow] = halves(v, 'y', y);
  const times = (f: number, g: number): void => {
    code.get(f);
    code.get(g);
    code.float('f64.mul');
  };
  return v.f64('product error', () => {
    times(xHigh, yHigh);
    code.get(product);
    code.float('f64.sub');
    times(xHigh, yLow);
    code.float('f64.add');
    times(xLow, yHigh);
    code.float('f64.add');
    times(xLow, yLow);
    code.float('f64.add');
  });
}

function halves(v: FloatValues, name: string, x: number): readonly [high: number, low: number] {
  const code = v.code;
  const scaled = v.f64('scaled', () => {
    code.get(x);
    code.f64(SPLITTER);
    code.float('f64.mul');
  });
  const high = v.f64(`${name} high`, () => {
    code.get(scaled);
    code.get(scaled);
    code.get(x);
    code.float('f64.sub');
    code.float('f64.sub');
  });
  const low = v.f64(`${name} low`, () => {
    code.get(x);
    code.get(high);
    code.float('f64.sub');
  });
  return [high, low];
}
