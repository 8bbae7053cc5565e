import { Block } from '../lir/block.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import { isComparison, type Expression, type Select } from '../wasm/expression.ts';
import { lowerBinary } from './binary.ts';
import { lowerCall, lowerCallIndirect } from './call.ts';
import {
  lowerBlockValue,
  lowerBranch,
  lowerCondition,
  lowerIfValue,
  lowerLoopValue,
  lowerStatement,
} from './control-flow.ts';
import { constantOf } from './local-facts.ts';
import type { Lowering } from './lowering.ts';
import { lowerLoad } from './memory.ts';
import { lowerUnary } from './unary.ts';

/**
 * Lowers an expression and returns the register of its value: an i32 sign-extended to 64 bits, an i64 as it is.
 * `want` may be used for the result, and is written by the last instruction only.
 */
export function lowerValue(l: Lowering, e: Expression, want?: VirtualRegister): VirtualRegister {
  l.location = l.image.module.locationAt(e.at) ?? l.location;
  switch (e.kind) {
    case 'constant':
      if (want === undefined) return l.constant(e.value);
      return l.emitValue({ kind: 'constant', mnemonic: 'li', immediate: e.value }, want);
    case 'localGet':
      return l.local(e.index);
    case 'localTee':
      lowerInto(l, l.local(e.index), e.value);
      return l.local(e.index);
    case 'globalGet':
      return lowerGlobalGet(l, e.index, want);
    case 'load':
      return lowerLoad(l, e, want);
    case 'unary':
      return lowerUnary(l, e, want);
    case 'binary':
      return lowerBinary(l, e, want);
    case 'select':
      return lowerSelect(l, e, want);
    case 'call':
      return lowerCall(l, e, want);
    case 'callIndirect':
      return lowerCallIndirect(l, e, want);
    case 'block':
      return lowerBlockValue(l, e);
    case 'loop':
      return lowerLoopValue(l, e);
    case 'if':
      return lowerIfValue(l, e);
    case 'branch':
      return lowerBranch(l, e);
    default:
      lowerStatement(l, e);
      return zeroValue;
  }
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

function lowerGlobalGet(
  l: Lowering,
  index: number,
  want: VirtualRegister | undefined,
): VirtualRegister {
  const global = l.image.module.globals[index];
  if (!global) return l.fail(`global ${index} does not exist`);
  if (!global.isMutable) return l.constant(global.value);
  const mnemonic = global.type === 'i32' ? 'lw' : 'ld';
  return l.emitValue({ kind: 'loadGlobal', mnemonic, symbol: l.image.globalSymbol(index) }, want);
}

function lowerSelect(l: Lowering, e: Select, want: VirtualRegister | undefined): VirtualRegister {
  const isZero = (arm: Expression) => constantOf(arm) === 0n;
  if ((isZero(e.whenTrue) || isZero(e.whenFalse)) && isTruthValue(e.condition)) {
    return lowerMaskedSelect(l, e, want);
  }
  // A constant arm is built where it is chosen and needs no register before.
  const lowerArm = (arm: Expression, later: readonly Expression[]) =>
    constantOf(arm) === undefined ? l.protect(lowerValue(l, arm), later) : undefined;
  const whenTrue = lowerArm(e.whenTrue, [e.whenFalse, e.condition]);
  const whenFalse = lowerArm(e.whenFalse, [e.condition]);
  const result = l.newRegister();
  const choose = (value: VirtualRegister | undefined, arm: Expression) =>
    value === undefined ? lowerInto(l, result, arm) : l.move(result, value);
  const otherwise = new Block();
  const done = new Block();
  choose(whenTrue, e.whenTrue);
  lowerCondition(l, e.condition, done, otherwise);
  l.start(otherwise);
  choose(whenFalse, e.whenFalse);
  l.start(done);
  return result;
}

/** A value or zero, chosen by a truth value, without a branch. */
function lowerMaskedSelect(
  l: Lowering,
  e: Select,
  want: VirtualRegister | undefined,
): VirtualRegister {
  const isFalseZero = constantOf(e.whenFalse) === 0n;
  const value = l.protect(lowerValue(l, isFalseZero ? e.whenTrue : e.whenFalse), [e.condition]);
  const condition = lowerValue(l, e.condition);
  const mask = isFalseZero
    ? l.compute('sub', zeroValue, condition)
    : l.computeImmediate('addi', condition, -1n);
  return l.compute('and', mask, value, want);
}
