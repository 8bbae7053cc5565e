import type { Code } from '../../../wasm/index.ts';
import { layouts } from '../../float/number.ts';

/** What an engine does around the code of a floating-point operation. */
export interface FloatSite {
  readonly code: Code;
  /** Takes a condition (i32) from the stack; where it holds, leaves the instruction to the exact functions, nothing done. */
  leaveIf(): void;
  /**
   * Appends code that leaves a condition (i32) on the stack; where it holds, the result is inexact. It only runs while the flag
   * for that is not raised; no other flag is raised here.
   */
  inexactIf(isInexact: () => void): void;
}

/** Bits of a double's fraction, and what is added to its exponent. */
export const FRACTION_BITS = 52n;
export const BIAS = 1023n;
/** The implied bit of a double, which is also the smallest normal one. */
export const HIDDEN = 1n << FRACTION_BITS;
export const INFINITY = layouts.d.infinity;
const MAGNITUDE = layouts.d.sign - 1n;
/** A single without its sign. */
export const SINGLE_MAGNITUDE = Number(layouts.s.sign - 1n);
const BOX = -(1n << 32n);

/** Numbers in local variables, and conditions on the stack: the words that the code of operations is written in. */
export class FloatValues {
  readonly code: Code;
  readonly site: FloatSite;

  constructor(site: FloatSite) {
    this.site = site;
    this.code = site.code;
  }

  i64(name: string, value: () => void): number {
    value();
    const local = this.code.scratch(`float ${name}`, 'i64');
    this.code.set(local);
    return local;
  }

  f64(name: string, value: () => void): number {
    value();
    const local = this.code.scratch(`float ${name}`, 'f64');
    this.code.set(local);
    return local;
  }

  f32(name: string, value: () => void): number {
    value();
    const local = this.code.scratch(`float ${name}`, 'f32');
    this.code.set(local);
    return local;
  }

  asDouble(bits: number): void {
    this.code.get(bits);
    this.code.float('f64.reinterpret_i64');
  }

  asSingle(bits: number): void {
    this.code.get(bits);
    this.code.op('i32.wrap_i64');
    this.code.float('f32.reinterpret_i32');
  }

  promoted(bits: number): void {
    this.asSingle(bits);
    this.code.float('f64.promote_f32');
  }

  number(isSingle: boolean, bits: number): void {
    if (isSingle) this.promoted(bits);
    else this.asDouble(bits);
  }

  bits(double: number): void {
    this.code.get(double);
    this.code.float('i64.reinterpret_f64');
  }

  /** The bits of a single as a register holds them. */
  boxed(single: number): void {
    const code = this.code;
    code.get(single);
    code.float('i32.reinterpret_f32');
    code.op('i64.extend_i32_u');
    code.i64(BOX);
    code.op('i64.or');
  }

  /** The bits without the sign. */
  magnitude(name: string, bits: number, mask = MAGNITUDE): number {
    return this.i64(name, () => {
      this.code.get(bits);
      this.code.i64(mask);
      this.code.op('i64.and');
    });
  }

  /** Whether a value of bits is at least `low` and less than `high`. */
  between(value: number, low: bigint, high: bigint): void {
    const code = this.code;
    code.get(value);
    code.i64(low);
    code.op('i64.sub');
    code.i64(high - low);
    code.op('i64.lt_u');
  }

  isZero(value: number): void {
    this.code.get(value);
    this.code.op('i64.eqz');
  }

  both(): void {
    this.code.op('i32.and');
  }

  either(): void {
    this.code.op('i32.or');
  }

  leaveUnless(): void {
    this.code.op('i32.eqz');
    this.site.leaveIf();
  }

  /** Takes a condition from the stack, and leaves where it does not hold, nor `exception` does, which is seldom asked. */
  leaveUnlessOr(exception: () => void): void {
    const { code } = this;
    code.op('i32.eqz');
    code.unlikely();
    code.if();
    exception();
    this.leaveUnless();
    code.end();
  }

  leaveIfNan(double: number): void {
    this.code.get(double);
    this.code.get(double);
    this.code.float('f64.ne');
    this.site.leaveIf();
  }

  isNotZero(double: number): void {
    const { code } = this.site;
    code.get(double);
    code.f64(0);
    code.float('f64.ne');
  }

  /** Whether a double is a zero of either sign. */
  equalsZero(double: number): void {
    this.code.get(double);
    this.code.f64(0);
    this.code.float('f64.eq');
  }

  isNormal(size: number): void {
    this.between(size, HIDDEN, INFINITY);
  }

  /** Whether a single is normal and no number below the normal ones was rounded to it. */
  isPlainSingle(single: number): void {
    const code = this.code;
    const { infinity, precision } = layouts.s;
    const low = (1 << (precision - 1)) + 1;
    code.get(single);
    code.float('i32.reinterpret_f32');
    code.i32(SINGLE_MAGNITUDE);
    code.op('i32.and');
    code.i32(low);
    code.op('i32.sub');
    code.i32(Number(infinity) - low);
    code.op('i32.lt_u');
  }

  sum(name: string, x: number, y: number): number {
    return this.f64(name, () => {
      this.code.get(x);
      this.code.get(y);
      this.code.float('f64.add');
    });
  }

  /** What the sum of two doubles lacks, exactly (Knuth's TwoSum). */
  errorOfSum(name: string, x: number, y: number, sum: number): number {
    const code = this.code;
    const part = this.f64('part', () => {
      code.get(sum);
      code.get(x);
      code.float('f64.sub');
    });
    return this.f64(name, () => {
      code.get(x);
      code.get(sum);
      code.get(part);
      code.float('f64.sub');
      code.float('f64.sub');
      code.get(y);
      code.get(part);
      code.float('f64.sub');
      code.float('f64.add');
    });
  }
}
