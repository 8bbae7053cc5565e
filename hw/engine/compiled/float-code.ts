import { RoundingMode } from '../../isa/index.ts';
import type { Code, FloatOp } from '../../wasm/index.ts';
import type { FloatStatics } from '../float/index.ts';
import { layouts } from '../float/number.ts';

/** What an engine does around the code of a floating-point operation. */
export interface FloatSite {
  readonly code: Code;
  /** Takes a condition (i32) from the stack; where it holds, leaves the instruction to the exact functions, nothing done. */
  leaveIf(): void;
  /** Takes a condition (i32) from the stack; where it holds, the result is inexact. No other flag is raised here. */
  inexactIf(): void;
}

/** Operations that round to the nearest integer of a kind, by rounding mode; there is none for `rmm`. */
const integral: Readonly<Record<number, FloatOp>> = {
  [RoundingMode.rne]: 'f64.nearest',
  [RoundingMode.rtz]: 'f64.trunc',
  [RoundingMode.rdn]: 'f64.floor',
  [RoundingMode.rup]: 'f64.ceil',
};

/** Whether generated code computes an operation in a rounding mode: what the host rounds itself, and conversions to integers. */
export function hasFloatCode({ operation, from, to }: FloatStatics, mode: number): boolean {
  const isToInteger = operation === 'convert' && (from === 's' || from === 'd') && to !== from;
  if (isToInteger && to !== 's' && to !== 'd') return integral[mode] !== undefined;
  return mode === RoundingMode.rne;
}

const FRACTION_BITS = 52n;
const BIAS = 1023n;
const HIDDEN = 1n << FRACTION_BITS;
const { sign: SIGN, infinity: INFINITY } = layouts.d;
const MAGNITUDE = SIGN - 1n;
const SINGLE_MAGNITUDE = layouts.s.sign - 1n;
const BOX = -(1n << 32n);
/** Sums of this size cannot overflow on the way to their error. */
const LARGE_SUM = (BIAS + 1000n) << FRACTION_BITS;
const LARGE_SINGLE_SUM = (127n + 100n) << 23n;
/** Factors between these have products, and errors of products, well inside the range of normal numbers. */
const SMALL_FACTOR = (BIAS - 480n) << FRACTION_BITS;
const LARGE_FACTOR = (BIAS + 480n) << FRACTION_BITS;
const SMALL_SUMMAND = (BIAS - 960n) << FRACTION_BITS;
const LARGE_SUMMAND = (BIAS + 960n) << FRACTION_BITS;
/** Splits a double into halves whose products are exact. */
const SPLITTER = 2 ** 27 + 1;

/**
 * Code of floating-point operations on i64 bit patterns: the host's operation, whether it was exact by an error-free
 * transformation, and a way out for all that is special. Operands and intermediate values are in local variables.
 */
export class FloatCode {
  readonly #site: FloatSite;
  readonly #code: Code;

  constructor(site: FloatSite) {
    this.#site = site;
    this.#code = site.code;
  }

  /** Leaves the result, as a register holds it, on the stack. Operands are i64 locals with what the action describes. */
  emit({ operation, from, to }: FloatStatics, operands: readonly number[], mode: number): void {
    const [a = 0, b = 0, c = 0] = operands;
    switch (operation) {
      case 'convert':
        this.#convert(from, to, a, mode);
        return;
      case 'minimum':
      case 'maximum':
        this.#extreme(operation === 'minimum' ? 'f64.min' : 'f64.max', from === 's', a, b);
        return;
      case 'equal':
        this.#compare('f64.eq', from === 's', a, b);
        return;
      case 'less':
        this.#compare('f64.lt', from === 's', a, b);
        return;
      case 'lessOrEqual':
        this.#compare('f64.le', from === 's', a, b);
        return;
      default:
        if (from === 's') this.#single(operation, a, b, c);
        else this.#double(operation, a, b, c);
    }
  }

  #double(
    operation: 'add' | 'multiply' | 'divide' | 'squareRoot' | 'multiplyAdd',
    a: number,
    b: number,
    c: number,
  ): void {
    switch (operation) {
      case 'add':
        this.#addDoubles(a, b);
        return;
      case 'multiply':
        this.#scaledDoubles('f64.mul', a, b);
        return;
      case 'divide':
        this.#scaledDoubles('f64.div', a, b);
        return;
      case 'squareRoot':
        this.#rootDouble(a);
        return;
      case 'multiplyAdd':
        this.#fuseDoubles(a, b, c);
    }
  }

  #single(
    operation: 'add' | 'multiply' | 'divide' | 'squareRoot' | 'multiplyAdd',
    a: number,
    b: number,
    c: number,
  ): void {
    const code = this.#code;
    switch (operation) {
      case 'add':
        this.#addSingles(a, b);
        return;
      case 'multiply': {
        const product = this.#f64('product', () => {
          this.#promoted(a);
          this.#promoted(b);
          code.float('f64.mul');
        });
        this.#demoteExactly(product);
        return;
      }
      case 'multiplyAdd':
        this.#fuseSingles(a, b, c);
        return;
      default:
        this.#quotientOrRootOfSingles(operation, a, b);
    }
  }

  // Values.

  #i64(name: string, value: () => void): number {
    value();
    const local = this.#code.scratch(`float ${name}`, 'i64');
    this.#code.set(local);
    return local;
  }

  #f64(name: string, value: () => void): number {
    value();
    const local = this.#code.scratch(`float ${name}`, 'f64');
    this.#code.set(local);
    return local;
  }

  #f32(name: string, value: () => void): number {
    value();
    const local = this.#code.scratch(`float ${name}`, 'f32');
    this.#code.set(local);
    return local;
  }

  #asDouble(bits: number): void {
    this.#code.get(bits);
    this.#code.float('f64.reinterpret_i64');
  }

  #asSingle(bits: number): void {
    this.#code.get(bits);
    this.#code.op('i32.wrap_i64');
    this.#code.float('f32.reinterpret_i32');
  }

  #promoted(bits: number): void {
    this.#asSingle(bits);
    this.#code.float('f64.promote_f32');
  }

  #number(isSingle: boolean, bits: number): void {
    if (isSingle) this.#promoted(bits);
    else this.#asDouble(bits);
  }

  #bits(double: number): void {
    this.#code.get(double);
    this.#code.float('i64.reinterpret_f64');
  }

  /** The bits of a single as a register holds them. */
  #boxed(single: number): void {
    const code = this.#code;
    code.get(single);
    code.float('i32.reinterpret_f32');
    code.op('i64.extend_i32_u');
    code.i64(BOX);
    code.op('i64.or');
  }

  /** The bits without the sign. */
  #magnitude(name: string, bits: number, mask = MAGNITUDE): number {
    return this.#i64(name, () => {
      this.#code.get(bits);
      this.#code.i64(mask);
      this.#code.op('i64.and');
    });
  }

  /** Whether a value of bits is at least `low` and less than `high`. */
  #between(value: number, low: bigint, high: bigint): void {
    const code = this.#code;
    code.get(value);
    code.i64(low);
    code.op('i64.sub');
    code.i64(high - low);
    code.op('i64.lt_u');
  }

  #isZero(value: number): void {
    this.#code.get(value);
    this.#code.op('i64.eqz');
  }

  #both(): void {
    this.#code.op('i32.and');
  }

  #either(): void {
    this.#code.op('i32.or');
  }

  #leaveUnless(): void {
    this.#code.op('i32.eqz');
    this.#site.leaveIf();
  }

  #leaveIfNan(double: number): void {
    this.#code.get(double);
    this.#code.get(double);
    this.#code.float('f64.ne');
    this.#site.leaveIf();
  }

  // Sums.

  /** What the sum of two doubles lacks, exactly (Knuth's TwoSum). */
  #errorOfSum(name: string, x: number, y: number, sum: number): number {
    const code = this.#code;
    const part = this.#f64('part', () => {
      code.get(sum);
      code.get(x);
      code.float('f64.sub');
    });
    return this.#f64(name, () => {
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

  #sum(name: string, x: number, y: number): number {
    return this.#f64(name, () => {
      this.#code.get(x);
      this.#code.get(y);
      this.#code.float('f64.add');
    });
  }

  #isNotZero(double: number): void {
    const { code } = this.#site;
    code.get(double);
    code.f64(0);
    code.float('f64.ne');
  }

  #addDoubles(a: number, b: number): void {
    const code = this.#code;
    const x = this.#f64('x', () => {
      this.#asDouble(a);
    });
    const y = this.#f64('y', () => {
      this.#asDouble(b);
    });
    const sum = this.#sum('sum', x, y);
    const bits = this.#i64('result', () => {
      this.#bits(sum);
    });
    const size = this.#magnitude('result size', bits);
    code.get(size);
    code.i64(LARGE_SUM);
    code.op('i64.ge_u');
    this.#site.leaveIf();
    this.#isNotZero(this.#errorOfSum('error', x, y, sum));
    this.#site.inexactIf();
    code.get(bits);
  }

  #addSingles(a: number, b: number): void {
    const code = this.#code;
    const x = this.#f32('single x', () => {
      this.#asSingle(a);
    });
    const y = this.#f32('single y', () => {
      this.#asSingle(b);
    });
    const sum = this.#f32('single sum', () => {
      code.get(x);
      code.get(y);
      code.float('f32.add');
    });
    code.get(sum);
    code.float('i32.reinterpret_f32');
    code.i32(Number(SINGLE_MAGNITUDE));
    code.op('i32.and');
    code.i32(Number(LARGE_SINGLE_SUM));
    code.op('i32.ge_u');
    this.#site.leaveIf();
    const part = this.#f32('single part', () => {
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
    this.#site.inexactIf();
    this.#boxed(sum);
  }

  // Products, quotients and roots: of significands as integers, of which the low 64 bits tell whether they are equal.

  #isNormal(size: number): void {
    this.#between(size, HIDDEN, INFINITY);
  }

  /** A normal result that no number below the normal ones was rounded to. */
  #isPlainResult(size: number): void {
    this.#between(size, HIDDEN + 1n, INFINITY);
  }

  #significand(bits: number): void {
    const code = this.#code;
    code.get(bits);
    code.i64(HIDDEN - 1n);
    code.op('i64.and');
    code.i64(HIDDEN);
    code.op('i64.or');
  }

  #exponent(size: number): void {
    this.#code.get(size);
    this.#code.i64(FRACTION_BITS);
    this.#code.op('i64.shr_u');
  }

  /** Whether significands `f * g` differ from `h`, whose exponents are such that `f * g = h` but for the last rounding. */
  #productDiffers(
    [f, fSize]: readonly [number, number],
    [g, gSize]: readonly [number, number],
    [h, hSize]: readonly [number, number],
  ): void {
    const code = this.#code;
    this.#significand(f);
    this.#significand(g);
    code.op('i64.mul');
    this.#significand(h);
    this.#exponent(hSize);
    this.#exponent(fSize);
    code.op('i64.sub');
    this.#exponent(gSize);
    code.op('i64.sub');
    code.i64(FRACTION_BITS + BIAS);
    code.op('i64.add');
    code.op('i64.shl');
    code.op('i64.ne');
  }

  #scaledDoubles(operation: 'f64.mul' | 'f64.div', a: number, b: number): void {
    const code = this.#code;
    const isProduct = operation === 'f64.mul';
    const bits = this.#i64('result', () => {
      this.#asDouble(a);
      this.#asDouble(b);
      code.float(operation);
      code.float('i64.reinterpret_f64');
    });
    const [aSize, bSize] = [this.#magnitude('a size', a), this.#magnitude('b size', b)];
    const size = this.#magnitude('result size', bits);
    const isPlain = code.scratch('float is plain', 'i32');
    this.#isNormal(aSize);
    this.#isNormal(bSize);
    this.#both();
    this.#isPlainResult(size);
    this.#both();
    code.tee(isPlain);
    // Zero times or by something finite, which is exact.
    this.#isZero(aSize);
    if (isProduct) {
      this.#between(bSize, 0n, INFINITY);
      this.#both();
      this.#isZero(bSize);
      this.#between(aSize, 0n, INFINITY);
      this.#both();
      this.#either();
    } else {
      this.#isNormal(bSize);
      this.#both();
    }
    this.#either();
    this.#leaveUnless();
    const result = [bits, size] as const;
    if (isProduct) this.#productDiffers([a, aSize], [b, bSize], result);
    else this.#productDiffers(result, [b, bSize], [a, aSize]);
    code.get(isPlain);
    this.#both();
    this.#site.inexactIf();
    code.get(bits);
  }

  #rootDouble(a: number): void {
    const code = this.#code;
    const bits = this.#i64('result', () => {
      this.#asDouble(a);
      code.float('f64.sqrt');
      code.float('i64.reinterpret_f64');
    });
    const size = this.#magnitude('a size', a);
    const isPlain = code.scratch('float is plain', 'i32');
    // The bits of a negative number are above all others.
    this.#isNormal(a);
    code.tee(isPlain);
    this.#isZero(size);
    this.#either();
    this.#leaveUnless();
    this.#productDiffers([bits, bits], [bits, bits], [a, size]);
    code.get(isPlain);
    this.#both();
    this.#site.inexactIf();
    code.get(bits);
  }

  // Singles by way of doubles.

  /** Whether a single is normal and no number below the normal ones was rounded to it. */
  #isPlainSingle(single: number): void {
    const code = this.#code;
    const { infinity, precision } = layouts.s;
    const low = (1 << (precision - 1)) + 1;
    code.get(single);
    code.float('i32.reinterpret_f32');
    code.i32(Number(SINGLE_MAGNITUDE));
    code.op('i32.and');
    code.i32(low);
    code.op('i32.sub');
    code.i32(Number(infinity) - low);
    code.op('i32.lt_u');
  }

  /** Whether a double is a zero of either sign. */
  #equalsZero(double: number): void {
    this.#code.get(double);
    this.#code.f64(0);
    this.#code.float('f64.eq');
  }

  /** Rounds a double, which is exact, to a single. */
  #demoteExactly(double: number): void {
    const code = this.#code;
    const single = this.#f32('single', () => {
      code.get(double);
      code.float('f32.demote_f64');
    });
    this.#isPlainSingle(single);
    this.#equalsZero(double);
    this.#either();
    this.#leaveUnless();
    code.get(single);
    code.float('f64.promote_f32');
    code.get(double);
    code.float('f64.ne');
    this.#site.inexactIf();
    this.#boxed(single);
  }

  #quotientOrRootOfSingles(operation: 'divide' | 'squareRoot', a: number, b: number): void {
    const code = this.#code;
    const isQuotient = operation === 'divide';
    const single = this.#f32('single', () => {
      this.#asSingle(a);
      if (isQuotient) this.#asSingle(b);
      code.float(isQuotient ? 'f32.div' : 'f32.sqrt');
    });
    const x = this.#f64('x', () => {
      this.#promoted(a);
    });
    const result = this.#f64('double result', () => {
      code.get(single);
      code.float('f64.promote_f32');
    });
    this.#isPlainSingle(single);
    this.#equalsZero(x);
    this.#equalsZero(result);
    this.#both();
    this.#either();
    this.#leaveUnless();
    // The product of two singles is exact as a double.
    code.get(result);
    if (isQuotient) this.#promoted(b);
    else code.get(result);
    code.float('f64.mul');
    code.get(x);
    code.float('f64.ne');
    if (isQuotient) {
      // Zero by infinity is exact.
      code.get(x);
      code.f64(0);
      code.float('f64.ne');
      this.#both();
    }
    this.#site.inexactIf();
    this.#boxed(single);
  }

  // Fused multiplications and additions (Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums", 2008).

  /** A sum rounded to odd: the last bit says whether there is more. The error tells whether it was exact. */
  #oddSum(x: number, y: number): { readonly odd: number; readonly error: number } {
    const code = this.#code;
    const sum = this.#sum('inner sum', x, y);
    const error = this.#errorOfSum('inner error', x, y, sum);
    const bits = this.#i64('inner bits', () => {
      this.#bits(sum);
    });
    const odd = this.#f64('odd', () => {
      code.get(bits);
      // One step away from zero, or towards it, where the error is.
      code.i64(1n);
      code.i64(-1n);
      this.#bits(error);
      code.get(bits);
      code.op('i64.xor');
      code.i64(0n);
      code.op('i64.ge_s');
      code.select();
      code.i64(0n);
      this.#isNotZero(error);
      code.get(bits);
      code.op('i32.wrap_i64');
      code.i32(1);
      code.op('i32.and');
      code.op('i32.eqz');
      this.#both();
      code.select();
      code.op('i64.add');
      code.float('f64.reinterpret_i64');
    });
    return { odd, error };
  }

  #fuseSingles(a: number, b: number, c: number): void {
    const code = this.#code;
    const product = this.#f64('product', () => {
      this.#promoted(a);
      this.#promoted(b);
      code.float('f64.mul');
    });
    const z = this.#f64('z', () => {
      this.#promoted(c);
    });
    const { odd, error } = this.#oddSum(product, z);
    const single = this.#f32('single', () => {
      code.get(odd);
      code.float('f32.demote_f64');
    });
    this.#isPlainSingle(single);
    this.#equalsZero(odd);
    this.#either();
    this.#leaveUnless();
    code.get(single);
    code.float('f64.promote_f32');
    code.get(odd);
    code.float('f64.ne');
    this.#isNotZero(error);
    this.#either();
    this.#site.inexactIf();
    this.#boxed(single);
  }

  #fuseDoubles(a: number, b: number, c: number): void {
    const code = this.#code;
    const [aSize, bSize] = [this.#magnitude('a size', a), this.#magnitude('b size', b)];
    const cSize = this.#magnitude('c size', c);
    // A zero is like any number, unless both the product and the third are: then the sign is a matter of its own.
    this.#between(aSize, SMALL_FACTOR, LARGE_FACTOR);
    this.#isZero(aSize);
    this.#either();
    this.#between(bSize, SMALL_FACTOR, LARGE_FACTOR);
    this.#isZero(bSize);
    this.#either();
    this.#both();
    this.#between(cSize, SMALL_SUMMAND, LARGE_SUMMAND);
    this.#isZero(cSize);
    this.#isZero(aSize);
    this.#isZero(bSize);
    this.#either();
    code.op('i32.eqz');
    this.#both();
    this.#either();
    this.#both();
    this.#leaveUnless();
    const x = this.#f64('x', () => {
      this.#asDouble(a);
    });
    const y = this.#f64('y', () => {
      this.#asDouble(b);
    });
    const z = this.#f64('z', () => {
      this.#asDouble(c);
    });
    const product = this.#f64('product', () => {
      code.get(x);
      code.get(y);
      code.float('f64.mul');
    });
    const low = this.#errorOfProduct(x, y, product);
    const lowSum = this.#sum('low sum', z, low);
    const lowError = this.#errorOfSum('low error', z, low, lowSum);
    const high = this.#sum('high sum', product, lowSum);
    const highError = this.#errorOfSum('high error', product, lowSum, high);
    const { odd, error } = this.#oddSum(lowError, highError);
    const result = this.#sum('sum', high, odd);
    this.#isNotZero(error);
    this.#isNotZero(this.#errorOfSum('error', high, odd, result));
    this.#either();
    this.#site.inexactIf();
    this.#bits(result);
  }

  /** What the product of two doubles lacks, exactly (Dekker). */
  #errorOfProduct(x: number, y: number, product: number): number {
    const code = this.#code;
    const [xHigh, xLow] = this.#halves('x', x);
    const [yHigh, yLow] = this.#halves('y', y);
    const times = (f: number, g: number): void => {
      code.get(f);
      code.get(g);
      code.float('f64.mul');
    };
    return this.#f64('product error', () => {
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

  #halves(name: string, x: number): readonly [high: number, low: number] {
    const code = this.#code;
    const scaled = this.#f64('scaled', () => {
      code.get(x);
      code.f64(SPLITTER);
      code.float('f64.mul');
    });
    const high = this.#f64(`${name} high`, () => {
      code.get(scaled);
      code.get(scaled);
      code.get(x);
      code.float('f64.sub');
      code.float('f64.sub');
    });
    const low = this.#f64(`${name} low`, () => {
      code.get(x);
      code.get(high);
      code.float('f64.sub');
    });
    return [high, low];
  }

  // Comparisons and conversions.

  #numbers(isSingle: boolean, a: number, b: number): readonly [number, number] {
    const x = this.#f64('x', () => {
      this.#number(isSingle, a);
    });
    const y = this.#f64('y', () => {
      this.#number(isSingle, b);
    });
    this.#leaveIfNan(x);
    this.#leaveIfNan(y);
    return [x, y];
  }

  #extreme(operation: 'f64.min' | 'f64.max', isSingle: boolean, a: number, b: number): void {
    const code = this.#code;
    const [x, y] = this.#numbers(isSingle, a, b);
    code.get(x);
    code.get(y);
    code.float(operation);
    if (isSingle)
      this.#boxed(
        this.#f32('single', () => {
          code.float('f32.demote_f64');
        }),
      );
    else code.float('i64.reinterpret_f64');
  }

  #compare(
    operation: 'f64.eq' | 'f64.lt' | 'f64.le',
    isSingle: boolean,
    a: number,
    b: number,
  ): void {
    const code = this.#code;
    const [x, y] = this.#numbers(isSingle, a, b);
    code.get(x);
    code.get(y);
    code.float(operation);
    code.op('i64.extend_i32_u');
  }

  #convert(from: FloatStatics['from'], to: FloatStatics['to'], a: number, mode: number): void {
    if (from === 's' || from === 'd') {
      const x = this.#f64('x', () => {
        this.#number(from === 's', a);
      });
      if (to === 's') this.#demoteExactly(x);
      else if (to === 'd') {
        this.#leaveIfNan(x);
        this.#bits(x);
      } else this.#toInteger(to, x, mode);
    } else this.#fromInteger(from, to === 's', a);
  }

  #toInteger(to: FloatStatics['to'], x: number, mode: number): void {
    const code = this.#code;
    const operation = integral[mode];
    if (operation === undefined) throw new Error(`no rounding mode ${String(mode)} here`);
    const value = this.#f64('integral', () => {
      code.get(x);
      code.float(operation);
    });
    const isSigned = to === 'w' || to === 'l';
    const bits = to === 'w' || to === 'wu' ? 32 : 64;
    code.get(value);
    code.f64(isSigned ? -(2 ** (bits - 1)) : 0);
    code.float('f64.ge');
    code.get(value);
    code.f64(2 ** (isSigned ? bits - 1 : bits));
    code.float('f64.lt');
    this.#both();
    this.#leaveUnless();
    code.get(value);
    code.get(x);
    code.float('f64.ne');
    this.#site.inexactIf();
    code.get(value);
    code.float(isSigned ? 'i64.trunc_f64_s' : 'i64.trunc_f64_u');
    if (to === 'wu') code.op('i64.extend32_s');
  }

  #fromInteger(from: FloatStatics['from'], isToSingle: boolean, a: number): void {
    const code = this.#code;
    const isSigned = from !== 'lu';
    const value = this.#i64('integer', () => {
      code.get(a);
      if (from === 'w') code.op('i64.extend32_s');
      if (from === 'wu') {
        code.i64(0xffff_ffffn);
        code.op('i64.and');
      }
    });
    const x = this.#f64('x', () => {
      code.get(value);
      if (isToSingle) {
        code.float(isSigned ? 'f32.convert_i64_s' : 'f32.convert_i64_u');
        code.float('f64.promote_f32');
      } else code.float(isSigned ? 'f64.convert_i64_s' : 'f64.convert_i64_u');
    });
    if (from === 'l' || from === 'lu') {
      // Rounded up to what no integer of the format is.
      code.get(x);
      code.f64(isSigned ? 2 ** 63 : 2 ** 64);
      code.float('f64.ge');
      this.#site.leaveIf();
    }
    code.get(x);
    code.float(isSigned ? 'i64.trunc_f64_s' : 'i64.trunc_f64_u');
    code.get(value);
    code.op('i64.ne');
    this.#site.inexactIf();
    if (isToSingle) {
      this.#boxed(
        this.#f32('single', () => {
          code.get(x);
          code.float('f32.demote_f64');
        }),
      );
    } else this.#bits(x);
  }
}
