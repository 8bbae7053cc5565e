import { Block } from '../lir/block.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import type { Switch, WasmLabel } from '../wasm/expression.ts';
import type { LabelTarget, Lowering } from './lowering.ts';
import { lowerValue } from './operand.ts';

/** Up to this many cases a chain of compares is shorter than the load of a jump table. */
const longestChain = 4;

function targetOf(l: Lowering, label: WasmLabel, e: Switch): LabelTarget {
  const target = l.labels.get(label);
  if (target) return target;
  if (label.kind !== 'function') return l.fail('switch to a label that is not open', e.at);
  const block = new Block();
  block.end = { kind: 'return', a: undefined };
  l.target.blocks.push(block);
  return { block, result: undefined };
}

/** Lowers a multi-way branch: a chain of compares, or a jump table in read-only data. */
export function lowerSwitch(l: Lowering, e: Switch): void {
  if (e.value) return l.fail('a switch that carries a value is not supported', e.at);
  const targets = e.labels.map((label) => targetOf(l, label, e).block);
  const otherwise = targetOf(l, e.otherwise, e).block;
  const selector = lowerValue(l, e.selector);
  const cases = targets
    .map((target, value) => ({ target, value }))
    .filter(({ target }) => target !== otherwise);
  if (cases.length <= longestChain) {
    for (const { target, value } of cases) {
      compareAndBranch(l, selector, BigInt(value), target);
    }
    l.end({ kind: 'jump', target: otherwise });
    return;
  }
  const inRange = new Block();
  const count = l.constant(BigInt(targets.length));
  l.end({
    kind: 'branch',
    mnemonic: 'bgeu',
    a: selector,
    b: count,
    taken: otherwise,
    otherwise: inRange,
  });
  l.start(inRange);
  const table = l.newTable(targets);
  const offset = l.computeImmediate('slli', selector, 3n);
  const base = l.tableAddress(table);
  const entry = l.compute('add', offset, base);
  const a = l.emitValue({ kind: 'load', mnemonic: 'ld', a: entry, immediate: 0n });
  l.end({ kind: 'computedJump', a, table });
}

function compareAndBranch(
  l: Lowering,
  selector: VirtualRegister,
  value: bigint,
  taken: Block,
): void {
  const otherwise = new Block();
  const b = value === 0n ? zeroValue : l.constant(value);
  l.end({ kind: 'branch', mnemonic: 'beq', a: selector, b, taken, otherwise });
  l.start(otherwise);
}
