import { BIAS, FRACTION_BITS, SINGLE_MAGNITUDE, type FloatValues } from './values.ts';

/** Sums of this size cannot overflow on the way to their error. */
const LARGE_SUM = (BIAS + 1000n) << FRACTION_BITS;
const LARGE_SINGLE_SUM = (127 + 100) * 2 ** 23;

/** Adds doubles: the host rounds, and the error of the sum tells whether it did. */
export function addDoubles(v: FloatValues, a: number, b: number): void {
  const code = v.code;
  const x = v.f64('x', () => {
    v.asDouble(a);
  });
  const y = v.f64('y', () => {
    v.asDouble(b);
  });
  const sum = v.sum('sum', x, y);
  const bits = v.i64('result', () => {
    v.bits(sum);
  });
  const size = v.magnitude('result size', bits);
  code.get(size);
  code.i64(LARGE_SUM);
  code.op('i64.ge_u');
  v.site.leaveIf();
  v.site.inexactIf(() => {
    v.isNotZero(v.errorOfSum('error', x, y, sum));
  });
  code.get(bits);
}

/** Adds singles in the same way. */
export function addSingles(v: FloatValues, a: number, b: number): void {
  const code = v.code;
  const x = v.f32('single x', () => {
    v.asSingle(a);
  });
  const y = v.f32('single y', () => {
    v.asSingle(b);
  });
  const sum = v.f32('single sum', () => {
    code.get(x);
    code.get(y);
    code.float('f32.add');
  });
  code.get(sum);
  code.float('i32.reinterpret_f32');
  code.i32(SINGLE_MAGNITUDE);
  code.op('i32.and');
  code.i32(LARGE_SINGLE_SUM);
  code.op('i32.ge_u');
  v.site.leaveIf();
  v.site.inexactIf(() => {
    const part = v.f32('single part', () => {
      code.get(sum);
      code.get(x);
      code.float('f32.sub');
    });
    code.get(x);
    code.get(sum);
    code.get(part);
    code.float('f32.sub');
    code.float('f32.sub');
    code.get(y);
    code.get(part);
    code.float('f32.sub');
    code.float('f32.add');
    code.float('f64.promote_f32');
    code.f64(0);
    code.float('f64.ne');
  });
  v.boxed(sum);
}
