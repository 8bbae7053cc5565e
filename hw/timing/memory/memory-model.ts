import { CoreMemory } from './core-memory.ts';
import { FixedLatencyMemory } from './fixed-latency-memory.ts';
import { InclusiveCache } from './inclusive-cache.ts';
import type { MemoryParameters } from './memory-parameters.ts';
import { type StateArea, stateBytes } from './state-area.ts';

/** What is behind the L2. */
export interface FixedBackEnd {
  readonly kind: 'fixed';
  readonly latency: number;
}

/** What a timing file says about caches and memory. */
export interface MemoryTimingParameters {
  readonly parameters: MemoryParameters;
  readonly backEnd: FixedBackEnd;
}

/** Caches, TLBs and memory of a machine, as far as they decide how long things take: no data is in them. */
export class MemoryModel {
  readonly cores: readonly CoreMemory[];

  constructor(timing: MemoryTimingParameters, harts: number, area: StateArea) {
    const { parameters, backEnd } = timing;
    const memory = new FixedLatencyMemory(backEnd.latency);
    const l2 = new InclusiveCache(parameters, memory, harts, area);
    this.cores = Array.from(
      { length: harts },
      (_, hart) => new CoreMemory(parameters, l2, hart, area),
    );
  }
}

/** Bytes of machine memory that a model keeps its state in. */
export function memoryModelBytes(timing: MemoryTimingParameters, harts: number): number {
  return stateBytes((area) => new MemoryModel(timing, harts, area));
}
