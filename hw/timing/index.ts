export * from './memory/index.ts';
export { CompiledTiming } from './compiled-timing.ts';
export {
  BranchPredictor,
  branchPredictorBytes,
  type Halves,
  Prediction,
} from './branch-predictor.ts';
export { CachedSide, cachedSideState } from './core/cached-side.ts';
export { ControlWords } from './core/control-words.ts';
export { CORE_FORMAT, type SavedCore } from './core/core-checkpoint.ts';
export { Core } from './core/core.ts';
export { type Executed, UNDECODED } from './core/executed.ts';
export { dividerOperands } from './core/divider-operands.ts';
export type { DataAddress, MemorySide } from './core/memory-side.ts';
export { PendingStores } from './core/pending-stores.ts';
export { Predictors } from './core/predictors.ts';
export { PresentSurroundings } from './core/present-surroundings.ts';
export { rememberedBytes, RememberingCore } from './core/remembering-core.ts';
export { WalkPlace, WalkNumberPlace, WalkState } from './core/walk/walk-state.ts';
export { alwaysHitting, isUncached } from './core/uncached-side.ts';
export { StagesTiming } from './stages-timing.ts';
export { mechanismNumber, timingMechanisms, type TimingMechanism } from './mechanisms.ts';
export {
  arithmeticCycles,
  arithmeticOperation,
  divideCycles,
  multiplyCycles,
} from './multiply-divide.ts';
export {
  leastTiming,
  timingParameters,
  timingParametersFrom,
  type TimingParameterName,
  type TimingParameters,
} from './parameters.ts';
export { pipelineAccess } from './pipeline-view.ts';
export { keptPipelineBytes, Pipeline, pipelineBytes, type Timed } from './pipeline.ts';
export { walkCycles } from './table-walk.ts';
export { isOfItsKind, type TimingParameter } from './timing-parameter.ts';
export { uncachedExtra } from './uncached.ts';
