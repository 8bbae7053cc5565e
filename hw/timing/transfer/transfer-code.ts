import { type Code } from '../../wasm/index.ts';
import { Prediction, predictorLayout } from '../branch-predictor.ts';
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

  /** A function (hart, end, target, `Asked`) that transfers call. */
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
    if (!taken) this.#learnTarget(site);
    else {
      this.#targets.correct(site);
      code.else();
      this.#unlessHeld(site, false, () => {
        site.wait(untargetedTransfer);
      });
    }
    code.end();
  }

  /** A direct jump; `link` pushes the return address (i64) if it is a call. */
  jump(site: TransferSite, link?: () => void): void {
    this.#go(site, this.#parameters.untargetedTransfer, link);
  }

  /** An indirect jump. */
  jumpRegister(site: TransferSite, isReturn: boolean, link?: () => void): void {
    if (!isReturn) {
      this.#go(site, this.#parameters.branchMispredict, link);
      return;
    }
    this.#return(site);
    if (link === undefined) return;
    this.#returns.push(link);
    this.#returns.see();
  }

  /** A jump that is no return, and what it waits for unless its target is known. */
  #go(site: TransferSite, cycles: number, link: (() => void) | undefined): void {
    if (link !== undefined) {
      this.#returns.push(link);
      this.#returns.leaveUnseen(site.target, false);
    }
    this.#unlessHeld(site, false, () => {
      site.wait(cycles);
      if (link !== undefined) this.#returns.see();
    });
  }

  #return(site: TransferSite): void {
    const { code } = this.#place;
    const { branchMispredict, untargetedTransfer } = this.#parameters;
    const prediction = code.scratch('transfer.prediction', 'i32');
    code.i32(Prediction.right);
    code.set(prediction);
    this.#returns.pushIsSpecial(site.end);
    code.unlikely();
    code.if();
    this.#targets.pushReturn(site);
    code.set(prediction);
    code.else();
    this.#returns.pop(site.target);
    code.likely();
    code.if();
    this.#unlessHeld(site, true, () => {
      code.i32(Prediction.untargeted);
      code.set(prediction);
    });
    code.else();
    this.#learnTarget(site);
    code.i32(Prediction.wrong);
    code.set(prediction);
    code.end();
    code.end();
    this.#returns.leaveUnseen(site.target, true);
    code.get(prediction);
    code.unlikely();
    code.if();
    this.#returns.see();
    code.get(prediction);
    code.i32(Prediction.wrong);
    code.op('i32.eq');
    code.if();
    site.wait(branchMispredict);
    code.else();
    site.wait(untargetedTransfer);
    code.end();
    code.end();
  }

  get #parameters(): TimingParameters {
    return this.#place.parameters;
  }

  /** Makes the target buffer hold a target; `otherwise` is code for the case that it did not (any target). */
  #unlessHeld(site: TransferSite, anyTarget: boolean, otherwise: () => void): void {
    const { code } = this.#place;
    this.#targets.learn(site, anyTarget, () => {
      code.op('i32.eqz');
      code.if();
      otherwise();
      code.end();
    });
  }

  #learnTarget(site: TransferSite): void {
    this.#targets.learn(site, false, () => {
      this.#place.code.drop();
    });
  }
}
