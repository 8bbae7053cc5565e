import type { EngineTiming } from '../engine-timing.ts';
import type { Flow } from './flow.ts';
import { type RegionStalls, UNKNOWN } from './region-stalls.ts';
import type { Block } from './region.ts';

/** The most cycles from the start of each block to the next limit check, or out of the region. */
export function findBounds(
  blocks: readonly Block[],
  flow: Flow,
  timing: EngineTiming,
  stalls: RegionStalls,
  mostStall: number,
): readonly number[] {
  const bounds: number[] = blocks.map(() => 0);
  for (const [number, { instructions, edges }] of [...blocks.entries()].reverse()) {
    let cycles = stalls.isCharged(number) ? mostStall : 0;
    for (const [index, { decoded }] of instructions.entries()) {
      const stall = stalls.within(number, index);
      cycles += 1 + timing.mostExtra(decoded.instruction);
      cycles += stall === UNKNOWN ? mostStall : stall.cycles;
    }
    const floats = timing.floats;
    const usesFloats = instructions.some(({ decoded }) => {
      return floats !== undefined && floats.operandsOf(decoded.instruction).length > 0;
    });
    // What was divided before the block is waited for once.
    if (usesFloats) cycles += floats?.most ?? 0;
    let rest = 0;
    for (const { inPage } of edges) {
      const next = flow.numberOf.get(inPage);
      if (next === undefined || next <= number || flow.isHeader[next] === true) continue;
      rest = Math.max(rest, bounds[next] ?? 0);
    }
    bounds[number] = cycles + rest;
  }
  return bounds;
}
