import { Block } from '../lir/block.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import type { Expression, Select } from '../wasm/expression.ts';
import { lowerBinary } from './binary.ts';
import { lowerCall, lowerCallIndirect } from './call.ts';
import {
  lowerBlockValue,
  lowerBranch,
  lowerCondition,
  lowerIfValue,
  lowerLoopValue,
} from './control-flow.ts';
import { constantOf } from './local-facts.ts';
import type { Lowering } from './lowering.ts';
import { lowerLoad } from './memory.ts';
import { isTruthValue, lowerInto, lowerStatement, lowerValue } from './operand.ts';
import { lowerUnary } from './unary.ts';

/** Lowers any expression that has a value, by its kind. */
export function lowerExpression(
  l: Lowering,
  e: Expression,
  want?: VirtualRegister,
): VirtualRegister {
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
