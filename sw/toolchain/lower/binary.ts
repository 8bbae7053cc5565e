import { constantSequence, fitsImmediate } from '../assembly/constant-sequence.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import { isComparison, type Binary, type Expression } from '../wasm/expression.ts';
import { lowerComparison } from './comparison.ts';
import { lowerDivisionByConstant } from './division.ts';
import { constantOf } from './local-facts.ts';
import type { Lowering } from './lowering.ts';
import { lowerLowBits, lowerValue } from './operand.ts';

type Want = VirtualRegister | undefined;

const rows = {
  add: 'add',
  sub: 'sub',
  mul: 'mul',
  divS: 'div',
  divU: 'divu',
  remS: 'rem',
  remU: 'remu',
  and: 'and',
  or: 'or',
  xor: 'xor',
  shl: 'sll',
  shrS: 'sra',
  shrU: 'srl',
} as const;

/** The row of an operator: the 32-bit forms have a `w`, but the bitwise ones need none on sign-extended values. */
function rowOf(operator: keyof typeof rows, width: 32 | 64): string {
  const isBitwise = operator === 'and' || operator === 'or' || operator === 'xor';
  return width === 32 && !isBitwise ? `${rows[operator]}w` : rows[operator];
}

/** Lowers an operand of a 32-bit operation that ignores the upper half. */
function lowerOperand(l: Lowering, e: Expression, width: 32 | 64): VirtualRegister {
  return width === 32 ? lowerLowBits(l, e) : lowerValue(l, e);
}

/** Lowers an operator of two operands. */
export function lowerBinary(l: Lowering, e: Binary, want: Want): VirtualRegister {
  if (isComparison(e.operator)) return lowerComparison(l, e, want);
  if (e.operator === 'rotl' || e.operator === 'rotr') return lowerRotation(l, e, want);
  const constant = constantOf(e.right);
  const special = constant === undefined ? undefined : lowerWithConstant(l, e, constant, want);
  if (special !== undefined) return special;
  const isBitwise = e.operator === 'and' || e.operator === 'or' || e.operator === 'xor';
  const lower = (operand: Expression) =>
    isBitwise ? lowerValue(l, operand) : lowerOperand(l, operand, e.width);
  const left = l.protect(lower(e.left), [e.right]);
  return l.compute(rowOf(e.operator, e.width), left, lower(e.right), want);
}

function lowerWithConstant(
  l: Lowering,
  e: Binary,
  constant: bigint,
  want: Want,
): VirtualRegister | undefined {
  const suffix = e.width === 32 ? 'w' : '';
  const amount = constant & (e.width === 32 ? 31n : 63n);
  switch (e.operator) {
    case 'add':
    case 'sub': {
      const addend = e.operator === 'add' ? constant : -constant;
      if (!fitsImmediate(addend)) return undefined;
      return l.computeImmediate(`addi${suffix}`, lowerOperand(l, e.left, e.width), addend, want);
    }
    case 'and':
      return lowerMask(l, e, constant, want);
    case 'or':
    case 'xor':
      if (!fitsImmediate(constant)) return undefined;
      return l.computeImmediate(`${e.operator}i`, lowerValue(l, e.left), constant, want);
    case 'shl':
      return l.computeImmediate(`slli${suffix}`, lowerOperand(l, e.left, e.width), amount, want);
    case 'shrU':
      return l.computeImmediate(`srli${suffix}`, lowerOperand(l, e.left, e.width), amount, want);
    case 'shrS':
      return lowerSignedShift(l, e, amount, want);
    case 'mul':
      return lowerMultiplication(l, e, constant, want);
    case 'divU':
    case 'remU':
      return e.width === 64 ? lowerDivisionByConstant(l, e, constant, want) : undefined;
    default:
      return undefined;
  }
}

/** `(x << 32) >> 32` is one instruction. */
function lowerSignedShift(l: Lowering, e: Binary, amount: bigint, want: Want): VirtualRegister {
  const { left } = e;
  if (e.width === 64 && amount === 32n && left.kind === 'binary' && left.operator === 'shl') {
    if (constantOf(left.right) === 32n) {
      return l.computeImmediate('addiw', lowerValue(l, left.left), 0n, want);
    }
  }
  const suffix = e.width === 32 ? 'w' : '';
  return l.computeImmediate(`srai${suffix}`, lowerOperand(l, left, e.width), amount, want);
}

/** Lowest and highest bit of a mask that is one run of ones. */
function runOfOnes(mask: bigint): { readonly low: number; readonly high: number } | undefined {
  const bits = BigInt.asUintN(64, mask);
  if (bits === 0n) return undefined;
  let low = 0;
  while (((bits >> BigInt(low)) & 1n) === 0n) low += 1;
  const high = bits.toString(2).length - 1;
  return bits >> BigInt(low) === (1n << BigInt(high - low + 1)) - 1n ? { low, high } : undefined;
}

/** A mask that is no immediate but a run of ones is cut out with shifts, together with a shift under it. */
function lowerMask(l: Lowering, e: Binary, mask: bigint, want: Want): VirtualRegister | undefined {
  if (fitsImmediate(mask)) {
    const isLow = e.width === 32 && mask >= 0n;
    const value = isLow ? lowerLowBits(l, e.left) : lowerValue(l, e.left);
    return l.computeImmediate('andi', value, mask, want);
  }
  if (e.width === 32 && mask < 0n) return undefined;
  const run = runOfOnes(mask);
  if (!run) return undefined;
  const isCheaperAsConstant = l.isInLoop && run.low > 0 && constantSequence(mask).length <= 2;
  if (isCheaperAsConstant) return undefined;

  let source = e.left;
  let shift = 0;
  if (source.kind === 'binary' && source.operator === 'shrU' && source.width === 64) {
    const amount = constantOf(source.right);
    if (amount !== undefined && Number(amount & 63n) + run.high < 64) {
      shift = Number(amount & 63n);
      source = source.left;
    }
  }
  if (run.low > 0 && run.high < 63 && l.isInLoop) return undefined;
  const value = e.width === 32 ? lowerLowBits(l, source) : lowerValue(l, source);
  const up = 63 - run.high - shift;
  const aligned = up > 0 ? l.computeImmediate('slli', value, BigInt(up)) : value;
  const down = BigInt(63 - run.high + run.low);
  if (run.low === 0) return l.computeImmediate('srli', aligned, down, want);
  const cut = l.computeImmediate('srli', aligned, down);
  return l.computeImmediate('slli', cut, BigInt(run.low), want);
}

/** Multiplications by 2^k ± 1 as shift and add; powers of two are shifts already. */
function lowerMultiplication(
  l: Lowering,
  e: Binary,
  factor: bigint,
  want: Want,
): VirtualRegister | undefined {
  const suffix = e.width === 32 ? 'w' : '';
  for (let k = 1n; k < BigInt(e.width - 1); k += 1n) {
    const isAbove = factor === (1n << k) + 1n;
    if (!isAbove && factor !== (1n << k) - 1n) continue;
    const value = lowerOperand(l, e.left, e.width);
    const shifted = l.computeImmediate('slli', value, k);
    return l.compute(`${isAbove ? 'add' : 'sub'}${suffix}`, shifted, value, want);
  }
  return undefined;
}

function lowerRotation(l: Lowering, e: Binary, want: Want): VirtualRegister {
  const suffix = e.width === 32 ? 'w' : '';
  const value = l.protect(lowerOperand(l, e.left, e.width), [e.right]);
  const [there, back] = e.operator === 'rotl' ? ['sll', 'srl'] : ['srl', 'sll'];
  const constant = constantOf(e.right);
  if (constant !== undefined) {
    const amount = constant & BigInt(e.width - 1);
    const first = l.computeImmediate(`${there}i${suffix}`, value, amount);
    const rest = (BigInt(e.width) - amount) & BigInt(e.width - 1);
    const second = l.computeImmediate(`${back}i${suffix}`, value, rest);
    return l.compute('or', first, second, want);
  }
  const amount = lowerValue(l, e.right);
  const first = l.compute(`${there}${suffix}`, value, amount);
  const rest = l.compute('sub', zeroValue, amount);
  return l.compute('or', first, l.compute(`${back}${suffix}`, value, rest), want);
}
