import { BIAS, FRACTION_BITS, HIDDEN, INFINITY, type FloatValues } from './values.ts';

/**
 * Products, quotients and roots. Whether one is exact, significands as integers tell: with f * g = h before the last rounding, the
 * two sides are so close that their low 64 bits are equal only if they are.
 */

/** A normal result that no number below the normal ones was rounded to. */
function isPlainResult(v: FloatValues, size: number): void {
  v.between(size, HIDDEN + 1n, INFINITY);
}

function significand(v: FloatValues, bits: number): void {
  const code = v.code;
  code.get(bits);
  code.i64(HIDDEN - 1n);
  code.op('i64.and');
  code.i64(HIDDEN);
  code.op('i64.or');
}

function exponent(v: FloatValues, size: number): void {
  v.code.get(size);
  v.code.i64(FRACTION_BITS);
  v.code.op('i64.shr_u');
}

/** Whether significands `f * g` differ from `h`, whose exponents are such that `f * g = h` but for the last rounding. */
function productDiffers(
  v: FloatValues,
  [f, fSize]: readonly [number, number],
  [g, gSize]: readonly [number, number],
  [h, hSize]: readonly [number, number],
): void {
  const code = v.code;
  significand(v, f);
  significand(v, g);
  code.op('i64.mul');
  significand(v, h);
  exponent(v, hSize);
  exponent(v, fSize);
  code.op('i64.sub');
  exponent(v, gSize);
  code.op('i64.sub');
  code.i64(FRACTION_BITS + BIAS);
  code.op('i64.add');
  code.op('i64.shl');
  code.op('i64.ne');
}

/** Multiplies or divides doubles. */
export function scaledDoubles(
  v: FloatValues,
  operation: 'f64.mul' | 'f64.div',
  a: number,
  b: number,
): void {
  const code = v.code;
  const isProduct = operation === 'f64.mul';
  const bits = v.i64('result', () => {
    v.asDouble(a);
    v.asDouble(b);
    code.float(operation);
    code.float('i64.reinterpret_f64');
  });
  const [aSize, bSize] = [v.magnitude('a size', a), v.magnitude('b size', b)];
  const size = v.magnitude('result size', bits);
  const isPlain = code.scratch('float is plain', 'i32');
  v.isNormal(aSize);
  v.isNormal(bSize);
  v.both();
  isPlainResult(v, size);
  v.both();
  code.tee(isPlain);
  v.leaveUnlessOr(() => {
    // Zero times or by something finite, which is exact.
    v.isZero(aSize);
    if (isProduct) {
      v.between(bSize, 0n, INFINITY);
      v.both();
      v.isZero(bSize);
      v.between(aSize, 0n, INFINITY);
      v.both();
      v.either();
    } else {
      v.isNormal(bSize);
      v.both();
    }
  });
  const result = [bits, size] as const;
  v.site.inexactIf(() => {
    if (isProduct) productDiffers(v, [a, aSize], [b, bSize], result);
    else productDiffers(v, result, [b, bSize], [a, aSize]);
    code.get(isPlain);
    v.both();
  });
  code.get(bits);
}

/** Takes the square root of a double. */
export function rootDouble(v: FloatValues, a: number): void {
  const code = v.code;
  const bits = v.i64('result', () => {
    v.asDouble(a);
    code.float('f64.sqrt');
    code.float('i64.reinterpret_f64');
  });
  const size = v.magnitude('a size', a);
  const isPlain = code.scratch('float is plain', 'i32');
  // The bits of a negative number are above all others.
  v.isNormal(a);
  code.tee(isPlain);
  v.leaveUnlessOr(() => {
    v.isZero(size);
  });
  v.site.inexactIf(() => {
    productDiffers(v, [bits, bits], [bits, bits], [a, size]);
    code.get(isPlain);
    v.both();
  });
  code.get(bits);
}

/** Rounds a double, which is exact, to a single. */
export function demoteExactly(v: FloatValues, double: number): void {
  const code = v.code;
  const single = v.f32('single', () => {
    code.get(double);
    code.float('f32.demote_f64');
  });
  v.isPlainSingle(single);
  v.leaveUnlessOr(() => {
    v.equalsZero(double);
  });
  v.site.inexactIf(() => {
    code.get(single);
    code.float('f64.promote_f32');
    code.get(double);
    code.float('f64.ne');
  });
  v.boxed(single);
}

/** Divides singles, or takes the square root of one. */
export function quotientOrRootOfSingles(
  v: FloatValues,
  operation: 'divide' | 'squareRoot',
  a: number,
  b: number,
): void {
  const code = v.code;
  const isQuotient = operation === 'divide';
  const single = v.f32('single', () => {
    v.asSingle(a);
    if (isQuotient) v.asSingle(b);
    code.float(isQuotient ? 'f32.div' : 'f32.sqrt');
  });
  const x = v.f64('x', () => {
    v.promoted(a);
  });
  const result = v.f64('double result', () => {
    code.get(single);
    code.float('f64.promote_f32');
  });
  v.isPlainSingle(single);
  v.leaveUnlessOr(() => {
    v.equalsZero(x);
    v.equalsZero(result);
    v.both();
  });
  v.site.inexactIf(() => {
    // The product of two singles is exact as a double.
    code.get(result);
    if (isQuotient) v.promoted(b);
    else code.get(result);
    code.float('f64.mul');
    code.get(x);
    code.float('f64.ne');
    if (isQuotient) {
      // Zero by infinity is exact.
      code.get(x);
      code.f64(0);
      code.float('f64.ne');
      v.both();
    }
  });
  v.boxed(single);
}
