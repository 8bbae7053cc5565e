import { Block } from '../lir/block.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import {
  isComparison,
  type Block as WasmBlock,
  type Branch,
  type Expression,
  type If,
  type Loop,
} from '../wasm/expression.ts';
import { branchOf } from './comparison.ts';
import { constantOf } from './local-facts.ts';
import type { Lowering } from './lowering.ts';
import { lowerStore } from './memory.ts';
import { isSkippable } from './skippable.ts';
import { lowerSwitch } from './switch.ts';
import { isTruthValue, lowerInto, lowerOperands, lowerStatement, lowerValue } from './operand.ts';

/** Ends the current block with a two-way branch on a condition, comparing in the branch itself. */
export function lowerCondition(
  l: Lowering,
  condition: Expression,
  taken: Block,
  otherwise: Block,
): void {
  const constant = constantOf(condition);
  if (constant !== undefined) {
    l.end({ kind: 'jump', target: constant === 0n ? otherwise : taken });
    return;
  }
  if (condition.kind === 'unary' && condition.operator === 'eqz') {
    lowerCondition(l, condition.value, otherwise, taken);
    return;
  }
  if (condition.kind === 'binary') {
    const { operator, left, right } = condition;
    if (isComparison(operator)) {
      const { mnemonic, swapped } = branchOf[operator];
      const [first = zeroValue, second = zeroValue] = lowerOperands(l, [left, right]);
      const [a, b] = swapped ? [second, first] : [first, second];
      l.end({ kind: 'branch', mnemonic, a, b, taken, otherwise });
      return;
    }
    const isLogical = (operator === 'or' || operator === 'and') && condition.width === 32;
    // `and` and `or` evaluate both sides: the right one can be left out only if nobody can tell
    if (isLogical && isTruthValue(left) && isTruthValue(right) && isSkippable(right)) {
      const second = new Block();
      if (operator === 'or') lowerCondition(l, left, taken, second);
      else lowerCondition(l, left, second, otherwise);
      l.start(second);
      lowerCondition(l, right, taken, otherwise);
      return;
    }
  }
  const a = lowerValue(l, condition);
  l.end({ kind: 'branch', mnemonic: 'bne', a, b: zeroValue, taken, otherwise });
}

/** Lowers statements of which the last one is the value, unless it never gets there. */
function lowerBodyInto(l: Lowering, result: VirtualRegister, body: readonly Expression[]): void {
  body.forEach((e, index) => {
    if (index === body.length - 1 && e.type !== undefined) lowerInto(l, result, e);
    else lowerStatement(l, e);
  });
}

/** Lowers a block with a value. */
export function lowerBlockValue(l: Lowering, e: WasmBlock): VirtualRegister {
  const result = l.newRegister();
  const end = new Block();
  l.labels.set(e.label, { block: end, result });
  lowerBodyInto(l, result, e.body);
  l.start(end);
  return result;
}

/** Lowers a loop with a value, which is that of its last pass. */
export function lowerLoopValue(l: Lowering, e: Loop): VirtualRegister {
  const result = l.newRegister();
  lowerLoop(l, e, () => lowerBodyInto(l, result, e.body));
  return result;
}

/** Lowers a conditional expression. */
export function lowerIfValue(l: Lowering, e: If): VirtualRegister {
  const result = l.newRegister();
  const whenTrue = new Block();
  const whenFalse = new Block();
  const end = new Block();
  l.labels.set(e.label, { block: end, result });
  lowerCondition(l, e.condition, whenTrue, whenFalse);
  l.start(whenTrue);
  lowerBodyInto(l, result, e.whenTrue);
  l.end({ kind: 'jump', target: end });
  l.start(whenFalse);
  lowerBodyInto(l, result, e.whenFalse);
  l.start(end);
  return result;
}

function lowerLoop(l: Lowering, e: Loop, body: () => void): void {
  const header = new Block();
  l.labels.set(e.label, { block: header, result: undefined });
  l.inLoop(header, body);
}

/** Lowers a branch; a conditional one leaves its value for the code after it. */
export function lowerBranch(l: Lowering, e: Branch): VirtualRegister {
  const value = e.value
    ? l.protect(lowerValue(l, e.value), e.condition ? [e.condition] : [])
    : undefined;
  if (e.label.kind === 'function') return lowerFunctionExit(l, e, value);
  const target = l.labels.get(e.label);
  if (!target) return l.fail('branch to a label that is not open', e.at);
  if (!e.condition) {
    if (value !== undefined && target.result !== undefined) l.move(target.result, value);
    l.end({ kind: 'jump', target: target.block });
    return zeroValue;
  }
  const next = new Block();
  if (value === undefined || target.result === undefined) {
    lowerCondition(l, e.condition, target.block, next);
  } else {
    const taken = new Block();
    lowerCondition(l, e.condition, taken, next);
    l.start(taken);
    l.move(target.result, value);
    l.end({ kind: 'jump', target: target.block });
  }
  l.start(next);
  return value ?? zeroValue;
}

/** A branch to the function's own label returns. */
function lowerFunctionExit(
  l: Lowering,
  e: Branch,
  value: VirtualRegister | undefined,
): VirtualRegister {
  const leave = new Block();
  const stay = new Block();
  if (e.condition) {
    lowerCondition(l, e.condition, leave, stay);
    l.start(leave);
  }
  l.end({ kind: 'return', a: value });
  if (e.condition) l.start(stay);
  return value ?? zeroValue;
}

/** Lowers any expression for its effects, by its kind. */
export function lowerEffect(l: Lowering, e: Expression): void {
  l.location = l.image.module.locationAt(e.at) ?? l.location;
  if (!l.isReachable) return;
  switch (e.kind) {
    case 'block': {
      const end = new Block();
      const result = e.type === undefined ? undefined : l.newRegister();
      l.labels.set(e.label, { block: end, result });
      for (const statement of e.body) lowerStatement(l, statement);
      l.start(end);
      return;
    }
    case 'loop': {
      lowerLoop(l, e, () => {
        for (const statement of e.body) lowerStatement(l, statement);
      });
      return;
    }
    case 'if': {
      lowerIf(l, e);
      return;
    }
    case 'switch': {
      lowerSwitch(l, e);
      return;
    }
    case 'localSet': {
      lowerInto(l, l.local(e.index), e.value);
      return;
    }
    case 'globalSet': {
      lowerGlobalSet(l, e.index, e.value);
      return;
    }
    case 'store': {
      lowerStore(l, e);
      return;
    }
    case 'drop': {
      lowerStatement(l, e.value);
      return;
    }
    case 'return': {
      l.end({ kind: 'return', a: e.value ? lowerValue(l, e.value) : undefined });
      return;
    }
    case 'unreachable': {
      l.end({ kind: 'stop' });
      return;
    }
    default:
      lowerValue(l, e);
  }
}

function lowerIf(l: Lowering, e: If): void {
  const whenTrue = new Block();
  const end = new Block();
  const whenFalse = e.whenFalse.length > 0 ? new Block() : end;
  const result = e.type === undefined ? undefined : l.newRegister();
  l.labels.set(e.label, { block: end, result });
  lowerCondition(l, e.condition, whenTrue, whenFalse);
  l.start(whenTrue);
  for (const statement of e.whenTrue) lowerStatement(l, statement);
  if (whenFalse !== end) {
    l.end({ kind: 'jump', target: end });
    l.start(whenFalse);
    for (const statement of e.whenFalse) lowerStatement(l, statement);
  }
  l.start(end);
}

function lowerGlobalSet(l: Lowering, index: number, value: Expression): void {
  const mnemonic = l.image.module.globals[index]?.type === 'i32' ? 'sw' : 'sd';
  const a = lowerValue(l, value);
  l.emit({ kind: 'storeGlobal', mnemonic, a, symbol: l.image.globalSymbol(index) });
}
