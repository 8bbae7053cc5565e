import type { VirtualRegister } from '../lir/virtual-register.ts';
import type { Expression, Unary } from '../wasm/expression.ts';
import { constantOf } from './local-facts.ts';
import type { Lowering } from './lowering.ts';
import { lowerAddress } from './memory.ts';
import { lowerLowBits, lowerValue } from './operand.ts';

/** Symbols of the bit-counting routines that the image brings along when they are called. */
export const bitCountRoutines = {
  clz: 'runtime/count_leading_zeros',
  ctz: 'runtime/count_trailing_zeros',
  popcnt: 'runtime/count_ones',
} as const;

type Want = VirtualRegister | undefined;

function signExtend(
  l: Lowering,
  value: VirtualRegister,
  bits: bigint,
  want: Want,
): VirtualRegister {
  const shift = 64n - bits;
  return l.computeImmediate('srai', l.computeImmediate('slli', value, shift), shift, want);
}

function zeroExtend32(l: Lowering, e: Expression, want: Want): VirtualRegister {
  if (l.facts.isNonNegative(e)) return lowerValue(l, e, want);
  if (e.kind === 'load' && e.bytes === 4) {
    const { base, offset } = lowerAddress(l, e.address, e.offset);
    return l.emitValue({ kind: 'load', mnemonic: 'lwu', a: base, immediate: offset }, want);
  }
  const shifted = l.computeImmediate('slli', lowerLowBits(l, e), 32n);
  return l.computeImmediate('srli', shifted, 32n, want);
}

function countBits(l: Lowering, e: Unary, want: Want): VirtualRegister {
  const operator = e.operator as keyof typeof bitCountRoutines;
  let value: VirtualRegister;
  if (e.width === 64) value = lowerValue(l, e.value);
  else if (operator === 'ctz') {
    value = l.compute('or', lowerLowBits(l, e.value), l.constant(1n << 32n));
  } else value = zeroExtend32(l, e.value, undefined);
  const symbol = bitCountRoutines[operator];
  const isNarrowClz = e.width === 32 && operator === 'clz';
  const count = l.emitValue(
    { kind: 'call', mnemonic: 'call', symbol, operands: [value] },
    isNarrowClz ? undefined : want,
  );
  return isNarrowClz ? l.computeImmediate('addi', count, -32n, want) : count;
}

/** Lowers an operator of one operand. */
export function lowerUnary(l: Lowering, e: Unary, want: Want): VirtualRegister {
  switch (e.operator) {
    case 'wrap':
    case 'extend32':
      return l.computeImmediate('addiw', lowerValue(l, e.value), 0n, want);
    case 'extendSigned32': {
      const inner = e.value;
      if (inner.kind === 'unary' && inner.operator === 'wrap') return lowerUnary(l, inner, want);
      return lowerValue(l, inner, want);
    }
    case 'extendUnsigned32':
      return lowerExtendUnsigned(l, e, want);
    case 'eqz':
      return l.computeImmediate('sltiu', lowerValue(l, e.value), 1n, want);
    case 'extend8':
      return signExtend(l, lowerLowBits(l, e.value), 8n, want);
    case 'extend16':
      return signExtend(l, lowerLowBits(l, e.value), 16n, want);
    case 'clz':
    case 'ctz':
    case 'popcnt':
      return countBits(l, e, want);
  }
}

function lowerExtendUnsigned(l: Lowering, e: Unary, want: Want): VirtualRegister {
  const inner = e.value;
  if (inner.kind === 'binary' && inner.operator === 'shrU') {
    const amount = constantOf(inner.right);
    if (amount !== undefined && (amount & 31n) > 0n) {
      return l.computeImmediate('srliw', lowerLowBits(l, inner.left), amount & 31n, want);
    }
  }
  return zeroExtend32(l, inner, want);
}
