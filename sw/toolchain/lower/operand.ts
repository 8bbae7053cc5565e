import type { VirtualRegister } from '../lir/virtual-register.ts';
import { isComparison, type Expression } from '../wasm/expression.ts';
import type { Lowering } from './lowering.ts';

/** Lowers an operand; see `Recursion` for what its register holds. */
export function lowerValue(l: Lowering, e: Expression, want?: VirtualRegister): VirtualRegister {
  return l.recursion.value(l, e, want);
}

/** Lowers an expression for its effects. */
export function lowerStatement(l: Lowering, e: Expression): void {
  l.recursion.statement(l, e);
}

/** Lowers an expression into a given register. */
export function lowerInto(l: Lowering, destination: VirtualRegister, e: Expression): void {
  const value = lowerValue(l, e, destination);
  l.move(destination, value);
}

/** Lowers an i32 of which only the low 32 bits matter. */
export function lowerLowBits(l: Lowering, e: Expression): VirtualRegister {
  if (e.kind === 'unary' && e.operator === 'wrap') return lowerValue(l, e.value);
  const isBitwise = e.kind === 'binary' && ['and', 'or', 'xor'].includes(e.operator);
  if (!isBitwise || e.width === 64 || e.right.kind === 'constant') return lowerValue(l, e);
  const left = l.protect(lowerLowBits(l, e.left), [e.right]);
  return l.compute(e.operator, left, lowerLowBits(l, e.right));
}

/** Lowers several expressions in order; each value survives the evaluation of the next ones. */
export function lowerOperands(l: Lowering, operands: readonly Expression[]): VirtualRegister[] {
  return operands.map((operand, index) =>
    l.protect(lowerValue(l, operand), operands.slice(index + 1)),
  );
}

/** True for expressions that are 0 or 1. */
export function isTruthValue(e: Expression): boolean {
  if (e.kind === 'binary') return isComparison(e.operator);
  return e.kind === 'unary' && e.operator === 'eqz';
}
