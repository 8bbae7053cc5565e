import type { I64 } from './expression.ts';

/** Format of a floating-point number: single or double precision (unpriv 20, unpriv 21). */
export type FloatFormat = 's' | 'd';

/** Format of an integer that a conversion reads or yields: 32 or 64 bits, signed or not. */
export type IntegerFormat = 'w' | 'wu' | 'l' | 'lu';

/** How many operands each floating-point operation takes. */
export const floatOperations = {
  add: 2,
  multiply: 2,
  divide: 2,
  squareRoot: 1,
  /** The product of the first two plus the third, rounded once. */
  multiplyAdd: 3,
  minimum: 2,
  maximum: 2,
  /** Quiet: only a signaling NaN is invalid. */
  equal: 2,
  /** Signaling: any NaN is invalid, here and in `lessOrEqual`. */
  less: 2,
  lessOrEqual: 2,
  convert: 1,
} as const satisfies Record<string, 1 | 2 | 3>;

/** The name of a floating-point operation. */
export type FloatOperation = keyof typeof floatOperations;

/**
 * A floating-point operation of IEEE 754, correctly rounded. It yields bits and accrues its flags into `fcsr`; raising any
 * leaves the floating-point state dirty. Except for the sign of its own value, an operation knows nothing of registers.
 */
export interface FloatAction {
  readonly action: 'float';
  readonly operation: FloatOperation;
  /**
   * What the operands are. Floating-point ones are the bits of the format, zeros above; of an integer of 32 bits only the low
   * bits count.
   */
  readonly from: FloatFormat | IntegerFormat;
  /**
   * What the result is, as a register of 64 bits holds it: a single with ones above, an integer of 32 bits with its bit 31
   * above, signed or not. A comparison yields 0 or 1.
   */
  readonly to: FloatFormat | IntegerFormat | 'boolean';
  /**
   * Whether the instruction has a rounding mode. It is the operand `rm`, or `frm` if that is dynamic, and a reserved mode in
   * `frm` makes the instruction illegal, even if the result is always exact.
   */
  readonly rounds: boolean;
  readonly operands: readonly I64[];
}

/** Computes a correctly rounded result in the format of the operands. */
export function float(
  operation: 'add' | 'multiply' | 'divide' | 'squareRoot' | 'multiplyAdd',
  format: FloatFormat,
  ...operands: readonly I64[]
): FloatAction {
  return { action: 'float', operation, from: format, to: format, rounds: true, operands };
}

/** Picks the smaller or larger number; a NaN only if both are (unpriv 20.6). */
export function floatExtreme(
  operation: 'minimum' | 'maximum',
  format: FloatFormat,
  left: I64,
  right: I64,
): FloatAction {
  const operands = [left, right];
  return { action: 'float', operation, from: format, to: format, rounds: false, operands };
}

/** Compares; a comparison with a NaN does not hold (unpriv 20.8). */
export function floatCompare(
  operation: 'equal' | 'less' | 'lessOrEqual',
  format: FloatFormat,
  left: I64,
  right: I64,
): FloatAction {
  const operands = [left, right];
  return { action: 'float', operation, from: format, to: 'boolean', rounds: false, operands };
}

/** Converts between formats, at least one of them floating-point (unpriv 20.7). */
export function floatConvert(
  to: FloatFormat | IntegerFormat,
  from: FloatFormat | IntegerFormat,
  value: I64,
): FloatAction {
  return { action: 'float', operation: 'convert', from, to, rounds: true, operands: [value] };
}
