import { isComparison, operandsOf, type Expression } from '../wasm/expression.ts';
import type { DefinedFunction } from '../wasm/module.ts';

/** What is known about a function's locals before it is lowered. */
export interface LocalFacts {
  /** True if an i32 expression is never negative, so that it needs no zero extension. */
  readonly isNonNegative: (e: Expression) => boolean;
  /** Locals that an expression writes. */
  readonly writtenBy: (e: Expression) => ReadonlySet<number>;
}

function assignmentsOf(f: DefinedFunction): readonly Expression[][] {
  const assignments: Expression[][] = f.locals.map(() => []);
  const visit = (e: Expression): void => {
    if (e.kind === 'localSet' || e.kind === 'localTee') assignments[e.index]?.push(e.value);
    operandsOf(e).forEach(visit);
  };
  f.body.forEach(visit);
  return assignments;
}

/** The value of a constant expression. */
export function constantOf(e: Expression): bigint | undefined {
  return e.kind === 'constant' ? e.value : undefined;
}

/** Finds the i32 locals whose every assignment is non-negative, optimistically and down to the fixed point. */
export function localFactsOf(f: DefinedFunction): LocalFacts {
  const assignments = assignmentsOf(f);
  const parameterCount = f.type.parameters.length;
  const isKnown = f.locals.map((type, index) => type === 'i32' && index >= parameterCount);

  const isNonNegative = (e: Expression): boolean => {
    switch (e.kind) {
      case 'constant':
        return e.value >= 0n;
      case 'load':
        return e.bytes < 4 && !e.signed;
      case 'localGet':
        return isKnown[e.index] === true;
      case 'localTee':
        return isNonNegative(e.value);
      case 'select':
        return isNonNegative(e.whenTrue) && isNonNegative(e.whenFalse);
      case 'unary':
        return ['eqz', 'clz', 'ctz', 'popcnt'].includes(e.operator);
      case 'binary': {
        if (isComparison(e.operator)) return true;
        if (e.width === 64) return false;
        const amount = constantOf(e.right);
        switch (e.operator) {
          case 'and':
            return isNonNegative(e.left) || isNonNegative(e.right);
          case 'or':
          case 'xor':
            return isNonNegative(e.left) && isNonNegative(e.right);
          case 'shrU':
            return amount !== undefined && (amount & 31n) > 0n;
          case 'shrS':
          case 'remU':
          case 'divU':
            return isNonNegative(e.left);
          default:
            return false;
        }
      }
      default:
        return false;
    }
  };

  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    assignments.forEach((values, index) => {
      if (!isKnown[index] || values.every(isNonNegative)) return;
      isKnown[index] = false;
      hasChanged = true;
    });
  }

  const memo = new Map<Expression, ReadonlySet<number>>();
  const writtenBy = (e: Expression): ReadonlySet<number> => {
    const known = memo.get(e);
    if (known) return known;
    const written = new Set<number>();
    if (e.kind === 'localSet' || e.kind === 'localTee') written.add(e.index);
    for (const operand of operandsOf(e)) for (const index of writtenBy(operand)) written.add(index);
    memo.set(e, written);
    return written;
  };
  return { isNonNegative, writtenBy };
}
