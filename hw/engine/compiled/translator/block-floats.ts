import type { FloatOperand, FloatWaits } from '../engine-timing.ts';
import type { AwaitedFloats } from '../float-wait-code.ts';
import type { RegionInstruction } from './region.ts';

interface Write {
  readonly index: number;
  readonly gap: number;
}

/**
 * What of floating point each instruction of a block may have to wait for: no registers that one before it in the block has
 * waited for, or that were written there so many instructions ago that they have come since; nor the unit, if one before it has.
 */
export function awaitedFloats(
  instructions: readonly RegionInstruction[],
  waits: FloatWaits,
): readonly AwaitedFloats[] {
  const there = new Set<number>();
  const writes = new Map<number, Write>();
  let isFree = false;
  return instructions.map(({ decoded }, index) => {
    const { instruction } = decoded;
    const awaited: FloatOperand[] = [];
    const operands = waits.operandsOf(instruction);
    const unit = operands.length > 0 && !isFree;
    const divides = waits.divisionGapOf(instruction) !== undefined;
    if (operands.length > 0) isFree = !divides;
    for (const operand of operands) {
      const register = decoded[operand];
      const write = writes.get(register);
      const hasCome = write !== undefined && index - write.index >= write.gap;
      if (!there.has(register) && !hasCome) awaited.push(operand);
      there.add(register);
    }
    const gap = waits.gapOf(instruction);
    if (divides || gap > 1) {
      there.delete(decoded.frd);
      writes.set(decoded.frd, { index, gap: divides ? Infinity : gap });
    }
    return { operands: awaited, unit };
  });
}
