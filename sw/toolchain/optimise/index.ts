import type { LirFunction } from '../lir/function.ts';
import { reuseConstants } from './constants.ts';
import { formTailCalls, rotateLoops, simplifyControlFlow } from './control-flow.ts';
import { removeDeadCode } from './dead-code.ts';
import { foldBranches, propagateCopies } from './propagation.ts';
import { schedule } from './schedule.ts';
import { splitWebs } from './webs.ts';

/** Improves a function before its registers are allocated. */
export function optimise(f: LirFunction): void {
  simplifyControlFlow(f);
  rotateLoops(f);
  propagateCopies(f);
  formTailCalls(f);
  removeDeadCode(f);
  splitWebs(f);
  propagateCopies(f);
  foldBranches(f);
  simplifyControlFlow(f);
  reuseConstants(f);
  propagateCopies(f);
  removeDeadCode(f);
  formTailCalls(f);
  simplifyControlFlow(f);
  schedule(f);
}
