import type { FloatAction, FloatFormat, FloatOperation, IntegerFormat } from '../../isa/index.ts';
import { add, divide, multiply, multiplyAdd, squareRoot } from './arithmetic.ts';
import { equal, less, lessOrEqual, maximum, minimum } from './comparison.ts';
import { fromInteger, reformat, toInteger } from './conversion.ts';
import { layouts, type Layout } from './number.ts';
import type { FloatResult } from './rounding.ts';

/**
 * Computes a floating-point action: operands as the action describes them (those that it lacks do not matter), a rounding
 * mode from 0 to 4, and the result as a 64-bit register holds it.
 */
export type FloatFunction = (
  first: bigint,
  second: bigint,
  third: bigint,
  mode: number,
) => FloatResult;

type Compute = (
  layout: Layout,
  first: bigint,
  second: bigint,
  third: bigint,
  mode: number,
) => FloatResult;

const computations: Readonly<Record<Exclude<FloatOperation, 'convert'>, Compute>> = {
  add: (layout, left, right, _, mode) => add(layout, left, right, mode),
  multiply: (layout, left, right, _, mode) => multiply(layout, left, right, mode),
  divide: (layout, left, right, _, mode) => divide(layout, left, right, mode),
  squareRoot: (layout, operand, _second, _third, mode) => squareRoot(layout, operand, mode),
  multiplyAdd,
  minimum,
  maximum,
  equal,
  less,
  lessOrEqual,
};

const BOX = 0xffff_ffff_0000_0000n;

/** Fills the bits above a single (unpriv 21.2). */
function boxing(compute: FloatFunction): FloatFunction {
  return (first, second, third, mode) => {
    const { bits, flags } = compute(first, second, third, mode);
    return { bits: bits | BOX, flags };
  };
}

function isFloat(format: FloatFormat | IntegerFormat | 'boolean'): format is FloatFormat {
  return format === 's' || format === 'd';
}

function conversion(from: FloatAction['from'], to: FloatAction['to']): FloatFunction {
  if (isFloat(to)) {
    const target = layouts[to];
    if (!isFloat(from)) {
      return (value, _second, _third, mode) => fromInteger(target, from, value, mode);
    }
    const source = layouts[from];
    return (value, _second, _third, mode) => reformat(source, target, value, mode);
  }
  if (!isFloat(from) || to === 'boolean') throw new Error(`no conversion from ${from} to ${to}`);
  const source = layouts[from];
  return (value, _second, _third, mode) => toInteger(source, to, value, mode);
}

function unboxedFunction({ operation, from, to }: FloatStatics): FloatFunction {
  if (operation === 'convert') return conversion(from, to);
  if (!isFloat(from)) throw new Error(`${operation} takes no integers`);
  const layout = layouts[from];
  const compute = computations[operation];
  return (first, second, third, mode) => compute(layout, first, second, third, mode);
}

/** What of an action is known when its row is written. */
export type FloatStatics = Pick<FloatAction, 'operation' | 'from' | 'to'>;

/** The function that computes an action exactly, for every operand and rounding mode. */
export function floatFunction(action: FloatStatics): FloatFunction {
  const compute = unboxedFunction(action);
  return action.to === 's' ? boxing(compute) : compute;
}
