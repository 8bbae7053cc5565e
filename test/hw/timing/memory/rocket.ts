import type { MemoryTimingParameters } from '../../../../hw/timing/index.ts';
import { loadPlatform } from '../../../../platforms/index.ts';
import { memoryTimingOf } from '../../../../platforms/timing-model.ts';

/** What the bundled platform of the Rocket RTL says of caches and memory, with some of it changed. */
export function rocketMemory(set: readonly string[] = []): MemoryTimingParameters {
  const timing = memoryTimingOf(loadPlatform('platforms/rocket-rtl.yaml', { set }));
  if (timing === undefined) throw new Error('rocket-rtl has no memory timing');
  return timing;
}
