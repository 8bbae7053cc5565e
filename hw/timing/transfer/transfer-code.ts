import { type Code } from '../../wasm/index.ts';
import { predictorLayout } from '../branch-predictor.ts';
import type { TimingParameters } from '../parameters.ts';
import { DirectionCode } from './direction-code.ts';
import type { PredictorPlace, TransferFrame, TransferSite } from './frame.ts';
import { LearnCode } from './learn-code.ts';
import { ReturnStackCode } from './return-stack-code.ts';
import { TargetCode } from './target-code.ts';

/** `Pipeline.transferExtra` as code: the same state, the same changes, the same cycles. */
export class TransferCode {
  readonly #parameters: TimingParameters;
  readonly #offset: number;

  /** The predictor's state lies `offset` bytes behind the start of the hart's memory. */
  constructor(parameters: TimingParameters, offset: number) {
    this.#parameters = parameters;
    this.#offset = offset;
  }

  /** A function (hart, pc, target, whether any target will do) to 1 or 0 that transfers call. */
  learnCode(): Code {
    return new LearnCode(this.#parameters, this.#offset).function();
  }

  /** Code for the transfers of one function. */
  within(frame: TransferFrame): FrameTransfers {
    const [parameters, offset] = [this.#parameters, this.#offset];
    return new FrameTransfers({
      ...{ ...frame, parameters, offset },
      layout: predictorLayout(parameters),
    });
  }
}

/** Appends code that predicts, resolves and learns the transfers of one function. */
class FrameTransfers {
  readonly #place: PredictorPlace;
  readonly #directions: DirectionCode;
  readonly #targets: TargetCode;
  readonly #returns: ReturnStackCode;

  constructor(place: PredictorPlace) {
    this.#place = place;
    this.#directions = new DirectionCode(place);
    this.#targets = new TargetCode(place);
    this.#returns = new ReturnStackCode(place);
  }

  /** Takes over what the function keeps in locals, where it begins or comes back from another. */
  load(): void {
    this.#directions.load();
  }

  /** Hands it back, where the function ends or calls another. */
  save(): void {
    this.#directions.save();
  }

  /** A conditional branch of which it is known whether it was taken; the target is where it leads then. */
  branch(site: TransferSite, taken: boolean): void {
    const { code, parameters } = this.#place;
    const { branchMispredict, untargetedTransfer } = parameters;
    this.#directions.predict(site, taken);
    if (taken) code.op('i32.eqz');
    code.unlikely();
    code.if();
    this.#directions.learn(taken);
    site.wait(branchMispredict);
    this.#learnTarget(site, false);
    if (taken) {
      code.else();
      this.#waitUnlessHeld(site, untargetedTransfer, false);
    }
    code.end();
  }

  /** A direct jump; `link` pushes the return address (i64) if it is a call. */
  jump(site: TransferSite, link?: () => void): void {
    if (link !== undefined) this.#returns.push(link);
    this.#waitUnlessHeld(site, this.#parameters.untargetedTransfer, false);
  }

  /** An indirect jump. */
  jumpRegister(site: TransferSite, isReturn: boolean, link?: () => void): void {
    const { code } = this.#place;
    const { branchMispredict, untargetedTransfer } = this.#parameters;
    if (isReturn) {
      this.#returns.pop(site.target);
      code.op('i32.eqz');
      code.unlikely();
      code.if();
      site.wait(branchMispredict);
      this.#learnTarget(site, true);
      code.else();
      this.#waitUnlessHeld(site, untargetedTransfer, true);
      code.end();
    } else this.#waitUnlessHeld(site, branchMispredict, false);
    if (link !== undefined) this.#returns.push(link);
  }

  get #parameters(): TimingParameters {
    return this.#place.parameters;
  }

  /** Waits unless the target buffer holds the target (any target), which it does from now on. */
  #waitUnlessHeld(site: TransferSite, cycles: number, anyTarget: boolean): void {
    const { code } = this.#place;
    this.#targets.learn(site, anyTarget, () => {
      code.op('i32.eqz');
      code.if();
      site.wait(cycles);
      code.end();
    });
  }

  #learnTarget(site: TransferSite, anyTarget: boolean): void {
    this.#targets.learn(site, anyTarget, () => {
      this.#place.code.drop();
    });
  }
}
