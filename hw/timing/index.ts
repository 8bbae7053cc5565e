export {
  BranchPredictor,
  branchPredictorBytes,
  Prediction,
  type Halves,
} from './branch-predictor.ts';
export { interlock, NO_STALL, type Stall } from './interlock.ts';
export { mechanismNumber, timingMechanisms, type TimingMechanism } from './mechanisms.ts';
export { divideCycles, multiplyCycles } from './multiply-divide.ts';
export {
  timingParameters,
  timingParametersFrom,
  type TimingParameter,
  type TimingParameterName,
  type TimingParameters,
  type TimingUnit,
} from './parameters.ts';
export { pipelineAccess, type PipelineAccess } from './pipeline-view.ts';
export { Pipeline, pipelineBytes, type Timed } from './pipeline.ts';
export { walkCycles } from './table-walk.ts';
export { uncachedExtra } from './uncached.ts';
