import { CachedAccessCode } from './code/cached-access-code.ts';
import { CoreMemory } from './core-memory.ts';
import { Ddr3Memory } from './ddr3-memory.ts';
import type { Ddr3Parameters } from './ddr3-parameters.ts';
import { FixedLatencyMemory } from './fixed-latency-memory.ts';
import { InclusiveCache } from './inclusive-cache.ts';
import type { ComponentCounts } from './event-counts.ts';
import type { MainMemory } from './main-memory.ts';
import type { MemoryParameters } from './memory-parameters.ts';
import { MemorySideCache } from './memory-side-cache.ts';
import { SlowerMemory } from './slower-memory.ts';
import { type StateArea, stateBytes } from './state-area.ts';

/** What is behind the L2. */
export type BackEnd =
  | { readonly kind: 'fixed'; readonly latency: number }
  | { readonly kind: 'ddr3'; readonly parameters: Ddr3Parameters };

/** What a timing file says about caches and memory. */
export interface MemoryTimingParameters {
  readonly parameters: MemoryParameters;
  readonly backEnd: BackEnd;
}

/** `corePeriods` counts the core's cycles in this many of the memory's. */
const PERIODS = 10;

/** Caches, TLBs and memory of a machine, as far as they decide how long things take: no data is in them. */
export class MemoryModel {
  readonly cores: readonly CoreMemory[];
  /** What the components that all cores share have counted. */
  readonly counts: ComponentCounts;
  readonly #l2: InclusiveCache;
  /** Bytes from what belongs to a core to what belongs to the next. */
  readonly #stride: number;

  constructor({ parameters, backEnd }: MemoryTimingParameters, harts: number, area: StateArea) {
    const main = mainMemory(backEnd, area);
    const l2 = new InclusiveCache(parameters, main.memory, harts, area);
    this.counts = { l2: l2.counts, ...main.counts };
    const cores = area.bytes;
    this.cores = Array.from(
      { length: harts },
      (_, hart) => new CoreMemory(parameters, l2, hart, area),
    );
    this.#l2 = l2;
    // All of them take the same parts in the same order.
    this.#stride = (area.bytes - cores) / harts;
  }

  /** What generated code must know of it. */
  get accessCode(): CachedAccessCode | undefined {
    const [core] = this.cores;
    if (core === undefined) return undefined;
    const code = new CachedAccessCode({
      ...core.layout,
      l2: this.#l2.layout,
      stride: this.#stride,
    });
    return code.exists ? code : undefined;
  }
}

/** What is behind the L2, and what its parts count. */
interface Main {
  readonly memory: MainMemory;
  readonly counts: ComponentCounts;
}

function mainMemory(backEnd: BackEnd, area: StateArea): Main {
  if (backEnd.kind === 'fixed') {
    return { memory: new FixedLatencyMemory(backEnd.latency), counts: {} };
  }
  const { parameters } = backEnd;
  const chips = new Ddr3Memory(parameters, area);
  const controller = new MemorySideCache(parameters, chips, area);
  return {
    memory: new SlowerMemory(controller, parameters.corePeriods / PERIODS),
    counts: { 'memory-side-cache': controller.counts, ddr3: chips.counts },
  };
}

/** Bytes of machine memory that a model keeps its state in. */
export function memoryModelBytes(timing: MemoryTimingParameters, harts: number): number {
  return stateBytes((area) => new MemoryModel(timing, harts, area));
}
