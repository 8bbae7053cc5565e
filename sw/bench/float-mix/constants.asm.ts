/** Numbers that the float mix computes with, in the order in which its code loads them to fa0, fa1 … */
export const constants = {
  step: 0.1,
  offset: 1.5,
  last: 577,
  one: 1,
  scale: 0.00004,
  escape: 4,
  left: -2.2,
  top: -1.3,
} as const;

/** Of a polynomial, the highest power first. */
export const coefficients = [0.0014, -0.0083, 0.0417, -0.1667, 0.5, -1.001, 0.25, 1.125] as const;

/** Rows and columns of the matrices, and numbers in one. */
export const size = 24;
export const numberCount = size * size;

/** How often the polynomial and the vectors are gone through, and where the fractal's points are given up. */
export const polynomialRounds = 4;
export const vectorRounds = 8;
export const points = 16;
export const stepLimit = 40;

/** The bits of a double-precision number. */
export function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
}
