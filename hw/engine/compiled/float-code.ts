import { type FloatOperation, RoundingMode } from '../../isa/index.ts';
import type { FloatStatics } from '../float/index.ts';
import { compare, convert, extreme, roundsToInteger } from './float/conversions.ts';
import { fuseDoubles, fuseSingles } from './float/fused.ts';
import {
  demoteExactly,
  quotientOrRootOfSingles,
  rootDouble,
  scaledDoubles,
} from './float/products.ts';
import { addDoubles, addSingles } from './float/sums.ts';
import { type FloatSite, FloatValues } from './float/values.ts';

type Rounding = Extract<
  FloatOperation,
  'add' | 'multiply' | 'divide' | 'squareRoot' | 'multiplyAdd'
>;

/** Whether generated code computes an operation in a rounding mode: what the host rounds itself, and conversions to integers. */
export function hasFloatCode({ operation, from, to }: FloatStatics, mode: number): boolean {
  const isFloat = from === 's' || from === 'd';
  const isToInteger = operation === 'convert' && isFloat && to !== 's' && to !== 'd';
  return isToInteger ? roundsToInteger(mode) : mode === RoundingMode.rne;
}

/**
 * Code of floating-point operations on i64 bit patterns: the host's operation, whether it was exact by an error-free
 * transformation, and a way out for all that is special. Operands and intermediate values are in local variables.
 */
export class FloatCode {
  readonly #values: FloatValues;

  constructor(site: FloatSite) {
    this.#values = new FloatValues(site);
  }

  /** Leaves the result, as a register holds it, on the stack. Operands are i64 locals with what the action describes. */
  emit({ operation, from, to }: FloatStatics, operands: readonly number[], mode: number): void {
    const [a = 0, b = 0, c = 0] = operands;
    const v = this.#values;
    switch (operation) {
      case 'convert':
        convert(v, from, to, a, mode);
        return;
      case 'minimum':
      case 'maximum':
        extreme(v, operation === 'minimum' ? 'f64.min' : 'f64.max', from === 's', a, b);
        return;
      case 'equal':
        compare(v, 'f64.eq', from === 's', a, b);
        return;
      case 'less':
        compare(v, 'f64.lt', from === 's', a, b);
        return;
      case 'lessOrEqual':
        compare(v, 'f64.le', from === 's', a, b);
        return;
      default:
        if (from === 's') single(v, operation, a, b, c);
        else double(v, operation, a, b, c);
    }
  }
}

function double(v: FloatValues, operation: Rounding, a: number, b: number, c: number): void {
  switch (operation) {
    case 'add':
      addDoubles(v, a, b);
      return;
    case 'multiply':
      scaledDoubles(v, 'f64.mul', a, b);
      return;
    case 'divide':
      scaledDoubles(v, 'f64.div', a, b);
      return;
    case 'squareRoot':
      rootDouble(v, a);
      return;
    case 'multiplyAdd':
      fuseDoubles(v, a, b, c);
  }
}

function single(v: FloatValues, operation: Rounding, a: number, b: number, c: number): void {
  const code = v.code;
  switch (operation) {
    case 'add':
      addSingles(v, a, b);
      return;
    case 'multiply': {
      const product = v.f64('product', () => {
        v.promoted(a);
        v.promoted(b);
        code.float('f64.mul');
      });
      demoteExactly(v, product);
      return;
    }
    case 'multiplyAdd':
      fuseSingles(v, a, b, c);
      return;
    default:
      quotientOrRootOfSingles(v, operation, a, b);
  }
}
