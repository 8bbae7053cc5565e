export { LINE_BYTES } from './cache-lines.ts';
export { recentPages } from './translation-buffer.ts';
export type { CoreMemory } from './core-memory.ts';
export { packetOf } from './fetch-stream.ts';
export type { DataAccess } from './data-cache.ts';
export { ddr3Parameters, ddr3ParametersFrom, type Ddr3ParameterName } from './ddr3-parameters.ts';
export { MemoryModel, memoryModelBytes, type MemoryTimingParameters } from './memory-model.ts';
export {
  fixedLatencyParameters,
  memoryParameters,
  memoryParametersFrom,
  type MemoryParameterName,
  type MemoryParameters,
} from './memory-parameters.ts';
export { DECODE_TO_COMMIT, REPLAY } from './pipeline-distances.ts';
export { PseudoLru } from './pseudo-lru.ts';
export type { ComponentCounts } from './event-counts.ts';
export { StateArea, stateBytes } from './state-area.ts';
export type { FenceScope } from './translation-buffer.ts';
export { WalkTrace } from './walk-trace.ts';
