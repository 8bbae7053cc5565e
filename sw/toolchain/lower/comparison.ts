import { fitsImmediate } from '../assembly/constant-sequence.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import type { BranchMnemonic } from '../lir/block.ts';
import type { Binary, ComparisonOperator } from '../wasm/expression.ts';
import { constantOf } from './local-facts.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperands, lowerValue } from './operand.ts';

type Want = VirtualRegister | undefined;

/** The branch that makes a comparison; `swapped` if its operands change places. */
export const branchOf: Readonly<
  Record<ComparisonOperator, { readonly mnemonic: BranchMnemonic; readonly swapped: boolean }>
> = {
  eq: { mnemonic: 'beq', swapped: false },
  ne: { mnemonic: 'bne', swapped: false },
  ltS: { mnemonic: 'blt', swapped: false },
  ltU: { mnemonic: 'bltu', swapped: false },
  geS: { mnemonic: 'bge', swapped: false },
  geU: { mnemonic: 'bgeu', swapped: false },
  gtS: { mnemonic: 'blt', swapped: true },
  gtU: { mnemonic: 'bltu', swapped: true },
  leS: { mnemonic: 'bge', swapped: true },
  leU: { mnemonic: 'bgeu', swapped: true },
};

/** Lowers a comparison whose truth value is needed in a register. */
export function lowerComparison(l: Lowering, e: Binary, want: Want): VirtualRegister {
  const operator = e.operator as ComparisonOperator;
  if (operator === 'eq' || operator === 'ne') return lowerEquality(l, e, want);
  const { mnemonic, swapped } = branchOf[operator];
  const isUnsigned = mnemonic === 'bltu' || mnemonic === 'bgeu';
  const isLess = mnemonic === 'blt' || mnemonic === 'bltu';
  const row = isUnsigned ? 'sltu' : 'slt';
  const immediateRow = isUnsigned ? 'sltiu' : 'slti';
  const constant = constantOf(e.right);

  if (constant !== undefined) {
    // a > c is !(a < c + 1), a <= c is a < c + 1; c + 1 must not wrap around.
    const bound = swapped ? constant + 1n : constant;
    const wraps = isUnsigned && swapped && constant === -1n;
    if (fitsImmediate(bound) && !wraps) {
      const left = lowerValue(l, e.left);
      const isPlain = isLess !== swapped;
      const less = l.computeImmediate(immediateRow, left, bound, isPlain ? want : undefined);
      return isPlain ? less : l.computeImmediate('xori', less, 1n, want);
    }
  }
  const [left = zeroValue, right = zeroValue] = lowerOperands(l, [e.left, e.right]);
  const [a, b] = swapped ? [right, left] : [left, right];
  const less = l.compute(row, a, b, isLess ? want : undefined);
  return isLess ? less : l.computeImmediate('xori', less, 1n, want);
}

function lowerEquality(l: Lowering, e: Binary, want: Want): VirtualRegister {
  const constant = constantOf(e.right);
  let difference: VirtualRegister;
  if (constant === 0n) difference = lowerValue(l, e.left);
  else if (constant !== undefined && fitsImmediate(-constant)) {
    const row = e.width === 32 ? 'addiw' : 'addi';
    difference = l.computeImmediate(row, lowerValue(l, e.left), -constant);
  } else {
    const [left = zeroValue, right = zeroValue] = lowerOperands(l, [e.left, e.right]);
    difference = l.compute('xor', left, right);
  }
  if (e.operator === 'eq') return l.computeImmediate('sltiu', difference, 1n, want);
  return l.compute('sltu', zeroValue, difference, want);
}
