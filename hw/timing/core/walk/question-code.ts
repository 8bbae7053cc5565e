import type { TimingParameters } from '../../parameters.ts';
import { PathAction } from '../path-actions.ts';
import { AccessCode } from './access-code.ts';
import { HistoryCode } from './history-code.ts';
import type { QuestionFrame } from './question-frame.ts';
import { ReturnCode } from './return-code.ts';
import { StoreCode } from './store-code.ts';

/** What generated code does itself for an action, by its kind; a question leaves its answer (f64) on the stack. */
export function questionCode(
  frame: QuestionFrame,
  parameters: TimingParameters,
): ReadonlyMap<number, () => void> {
  const history = new HistoryCode(frame, parameters);
  const stores = new StoreCode(frame);
  const accesses = new AccessCode(frame);
  const returns = new ReturnCode(frame);
  return new Map<number, () => void>([
    [PathAction.direction, () => history.direction()],
    [PathAction.predict, () => history.predict()],
    [PathAction.resolve, () => history.resolve()],
    [PathAction.rewind, () => history.rewind()],
    [PathAction.useTarget, () => history.useTarget()],
    [PathAction.learnTarget, () => history.learnTarget()],
    [PathAction.returnTarget, () => returns.top()],
    [PathAction.pushReturn, () => returns.push()],
    [PathAction.popReturn, () => returns.pop()],
    [PathAction.meets, () => stores.meets()],
    [PathAction.holdStore, () => stores.hold()],
    [PathAction.passStore, () => stores.pass()],
    [PathAction.translate, () => accesses.translate()],
    [PathAction.access, () => accesses.access()],
  ]);
}
