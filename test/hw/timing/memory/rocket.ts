import type { MemoryTimingParameters } from '../../../../hw/timing/index.ts';
import { loadPlatform } from '../../../../platforms/index.ts';
import { memoryTimingOf } from '../../../../platforms/timing-model.ts';
import { inProject } from '../../../harness/project-root.ts';

function timingOf(name: string, set: readonly string[]): MemoryTimingParameters {
  const timing = memoryTimingOf(loadPlatform(inProject('platforms', name), { set }));
  if (timing === undefined) throw new Error(`${name} has no memory timing`);
  return timing;
}

/** What the platform of the Rocket RTL says of caches and memory, with some of it changed. */
export function rocketMemory(set: readonly string[] = []): MemoryTimingParameters {
  return timingOf('rocket-rtl.yaml', set);
}

/** The same of Rocket on FireSim. */
export function firesimMemory(): MemoryTimingParameters {
  return timingOf('rocket-firesim.yaml', []);
}
