import type { TimingParameters } from './parameters.ts';

/** Cycles of a TLB miss, by the stage whose tables were read; docs/timing.md, "TLB miss". */
export function walkCycles(
  { walkBase, walkRead }: TimingParameters,
  stage1Reads: number,
  stage2Reads: number,
): { readonly stage1: number; readonly stage2: number } {
  // The first read is part of the base, which belongs to the stage that asked for it.
  const isNested = stage1Reads > 0;
  return {
    stage1: isNested ? walkBase + walkRead * (stage1Reads - 1) : 0,
    stage2: walkRead * stage2Reads + (isNested || stage2Reads === 0 ? 0 : walkBase - walkRead),
  };
}
