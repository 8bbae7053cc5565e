import {
  bitsOf,
  coefficients,
  constants,
  numberCount,
  points,
  polynomialRounds,
  size,
  stepLimit,
  vectorRounds,
} from '../../sw/bench/float-mix/constants.asm.ts';

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const { fround, sqrt } = Math;

/** A number as integer × 2^exponent. */
function parts(value: number): { readonly integer: bigint; readonly exponent: number } {
  const bits = bitsOf(value);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = Math.max(biased, 1) - 1075;
  return { integer: bits >> 63n === 0n ? magnitude : -magnitude, exponent };
}

/** a × b + c, rounded once; exact for results whose exponent is not extreme, since Number() rounds to nearest, ties to even. */
function fused(a: number, b: number, c: number): number {
  const [x, y, z] = [parts(a), parts(b), parts(c)];
  if (x.integer * y.integer === 0n) return c;
  const product = x.exponent + y.exponent;
  const exponent = z.integer === 0n ? product : Math.min(product, z.exponent);
  const sum =
    ((x.integer * y.integer) << BigInt(product - exponent)) +
    (z.integer << BigInt(z.exponent - exponent));
  // In two steps, so that neither leaves the range of powers of two.
  const half = Math.trunc(exponent / 2);
  return Number(sum) * 2 ** half * 2 ** (exponent - half);
}

function filled(): readonly [readonly number[], readonly number[]] {
  const { step, offset, last } = constants;
  const a = Array.from({ length: numberCount }, (_, index) => fused(index, step, offset));
  return [a, a.map((value, index) => (last - index) / value)];
}

function product(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: numberCount }, (_, cell) => {
    const column = cell % size;
    let sum = 0;
    for (let index = 0; index < size; index++) {
      sum = fused(a[cell - column + index] ?? 0, b[index * size + column] ?? 0, sum);
    }
    return sum;
  });
}

function evaluated(x: number): number {
  const [first, ...others] = coefficients;
  const scaled = x * constants.scale;
  const value = others.reduce<number>((sum, other) => fused(sum, scaled, other), first);
  return value / sqrt(fused(x, x, constants.one));
}

function escapeSteps(): number {
  const { left, top, escape, step } = constants;
  const single = fround(step);
  let total = 0;
  for (let row = 0, y: number = top; row < points; row++, y += single) {
    for (let column = 0, x: number = left; column < points; column++, x += single) {
      let [a, b, steps] = [x, y, stepLimit];
      while (steps > 0 && !(escape < a * a + b * b)) {
        [a, b] = [a * a - b * b + x, a * b + a * b + y];
        steps--;
      }
      total += steps;
    }
  }
  return total;
}

/** The checksum of an iteration of the float mix. */
export function floatMixChecksum(): bigint {
  let numbers: readonly number[] = product(...filled());
  for (let round = 0; round < polynomialRounds; round++) numbers = numbers.map(evaluated);
  const vector = new Float32Array(numberCount);
  for (let round = 0; round < vectorRounds; round++) {
    numbers.forEach((number, index) => {
      vector[index] = fround((vector[index] ?? 0) * fround(constants.step)) + fround(number);
    });
  }
  const words = new Int32Array(vector.buffer);
  const sum = numbers.reduce((total, number, index) => {
    return u64(total * 31n + bitsOf(number)) ^ u64(BigInt(words[index] ?? 0));
  }, BigInt(escapeSteps()));
  const [least, greatest] = [Math.min(...numbers), Math.max(...numbers)];
  return u64(sum + BigInt(Math.trunc(greatest - least))) ^ bitsOf(least);
}
