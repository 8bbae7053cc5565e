import type { StateArea } from '../memory/index.ts';
import type { TimingParameters } from '../parameters.ts';
import { BranchHistory, type BranchHistoryGeometry } from './branch-history.ts';
import { BranchTargetBuffer } from './branch-target-buffer.ts';
import { ReturnStack } from './return-stack.ts';

/** The sizes of the direction predictor. */
export function historyGeometry(parameters: TimingParameters): BranchHistoryGeometry {
  return {
    entries: parameters.branchHistoryEntries,
    length: parameters.branchHistoryLength,
    bits: parameters.branchHistoryBits,
  };
}

/** What a core remembers of transfers, in the machine's memory. */
export class Predictors {
  readonly targets: BranchTargetBuffer;
  readonly history: BranchHistory;
  readonly returns: ReturnStack;

  constructor(parameters: TimingParameters, area: StateArea) {
    const { branchTargetEntries, branchTargetPages, returnStackEntries } = parameters;
    this.targets = new BranchTargetBuffer(branchTargetEntries, branchTargetPages, area);
    this.history = new BranchHistory(historyGeometry(parameters), area);
    this.returns = new ReturnStack(returnStackEntries, area);
  }

  /** Power-on. */
  reset(): void {
    this.targets.reset();
    this.history.reset();
    this.returns.reset();
  }
}
