import type { VirtualRegister } from '../lir/virtual-register.ts';
import type { Binary } from '../wasm/expression.ts';
import type { Lowering } from './lowering.ts';
import { lowerValue } from './operand.ts';

interface Reciprocal {
  readonly multiplier: bigint;
  readonly shift: bigint;
}

/** A 64-bit multiplier whose upper product, shifted, is the quotient for every dividend (Granlund and Montgomery). */
function reciprocalOf(divisor: bigint): Reciprocal | undefined {
  for (let shift = 0n; shift < 64n; shift += 1n) {
    const power = 1n << (64n + shift);
    const multiplier = (power + divisor - 1n) / divisor;
    if (multiplier >= 1n << 64n) return undefined;
    if (multiplier * divisor - power <= 1n << shift) return { multiplier, shift };
  }
  return undefined;
}

/** Lowers an unsigned 64-bit division or remainder by a constant without dividing, where one multiplication does it. */
export function lowerDivisionByConstant(
  l: Lowering,
  e: Binary,
  constant: bigint,
  want: VirtualRegister | undefined,
): VirtualRegister | undefined {
  const divisor = BigInt.asUintN(64, constant);
  const reciprocal = divisor > 2n ? reciprocalOf(divisor) : undefined;
  if (!reciprocal) return undefined;
  const isRemainder = e.operator === 'remU';
  const dividend = lowerValue(l, e.left);
  const multiplier = l.constant(BigInt.asIntN(64, reciprocal.multiplier));
  const isLast = !isRemainder && reciprocal.shift === 0n;
  const product = l.compute('mulhu', dividend, multiplier, isLast ? want : undefined);
  if (isLast) return product;
  const quotient =
    reciprocal.shift === 0n
      ? product
      : l.computeImmediate('srli', product, reciprocal.shift, isRemainder ? undefined : want);
  if (!isRemainder) return quotient;
  return l.compute('sub', dividend, l.compute('mul', quotient, l.constant(constant)), want);
}
