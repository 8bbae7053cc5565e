import type { FloatOperand, FloatWaits } from '../engine-timing.ts';
import type { RegionInstruction } from './region.ts';

interface Write {
  readonly index: number;
  readonly gap: number;
}

/**
 * Which of its floating-point registers each instruction of a block may have to wait for: not for those that one before it in
 * the block has waited for, or that were written there so many instructions ago that they have come since.
 */
export function awaitedFloats(
  instructions: readonly RegionInstruction[],
  waits: FloatWaits,
): readonly (readonly FloatOperand[])[] {
  const there = new Set<number>();
  const writes = new Map<number, Write>();
  return instructions.map(({ decoded }, index) => {
    const { instruction } = decoded;
    const awaited: FloatOperand[] = [];
    for (const operand of waits.operandsOf(instruction)) {
      const register = decoded[operand];
      const write = writes.get(register);
      const hasCome = write !== undefined && index - write.index >= write.gap;
      if (!there.has(register) && !hasCome) awaited.push(operand);
      there.add(register);
    }
    const gap = waits.gapOf(instruction);
    if (gap > 1) {
      there.delete(decoded.frd);
      writes.set(decoded.frd, { index, gap });
    }
    return awaited;
  });
}
