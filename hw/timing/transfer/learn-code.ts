import { Code } from '../../wasm/index.ts';
import { NO_ADDRESS, Prediction, predictorLayout } from '../branch-predictor.ts';
import type { TimingParameters } from '../parameters.ts';
import { RareReturnCode } from './rare-return-code.ts';

/** What the function is asked: whether a target is held, that one or any; all about a return; or to learn from a taken branch that was mispredicted. */
export const Asked = { thisTarget: 0, anyTarget: 1, return: 2, branch: 3 } as const;

/** One of them. */
export type Asked = (typeof Asked)[keyof typeof Asked];

/** `BranchPredictor.learnTarget` as a function of its own, for transfers of which nobody knows that the buffer holds them. */
export class LearnCode {
  readonly #parameters: TimingParameters;
  readonly #layout: ReturnType<typeof predictorLayout>;
  readonly #offset: number;

  /** The predictor's state lies `offset` bytes behind the start of the hart's memory. */
  constructor(parameters: TimingParameters, offset: number) {
    this.#parameters = parameters;
    this.#layout = predictorLayout(parameters);
    this.#offset = offset;
  }

  /**
   * The function (hart, end, target, `Asked`) that searches the target buffer, tells whether it held the target, and makes it hold it:
   * `BranchPredictor.learnTarget`. Asked for a return it takes that from the stack, too, and tells how it was predicted.
   */
  function(): Code {
    const code = new Code(['i32', 'i64', 'i64', 'i32']);
    const [hart, pc, target, asked] = [0, 1, 2, 3];
    const entry = code.local('i32');
    const end = code.local('i32');
    const held = code.local('i64');
    const isReturn = code.local('i32');
    const returns = new RareReturnCode(code, this.#parameters, this.#layout, this.#offset);
    const { branchTargetEntries } = this.#parameters;
    const targets = this.#offset + this.#layout.targets;
    const entryBytes = 16;
    const takeReturn = (isKnown: boolean): void => {
      code.get(isReturn);
      code.if();
      returns.pushIsExpected({ pc, target, held, isKnown });
      code.set(asked);
      returns.drop();
      code.end();
    };
    // Of a return, which was expected or not, the prediction; of any other, whether the target was held.
    const answer = (isHeld: boolean): void => {
      code.i32(isHeld ? Prediction.right : Prediction.untargeted);
      code.i32(Prediction.wrong);
      code.get(asked);
      code.select();
      code.i32(isHeld ? 1 : 0);
      code.get(isReturn);
      code.select();
    };
    code.get(asked);
    code.i32(Asked.return);
    code.op('i32.eq');
    code.tee(isReturn);
    code.if();
    returns.catchUp(pc);
    code.end();
    code.get(asked);
    code.i32(Asked.branch);
    code.op('i32.eq');
    code.if();
    returns.passBehind(pc);
    code.i32(Asked.thisTarget);
    code.set(asked);
    this.#answerKnown(code, pc, target);
    code.end();
    this.#bucketAddress(code, pc);
    code.load('i32.load', this.#offset + this.#layout.buckets);
    code.if();
    code.get(hart);
    code.tee(entry);
    code.i32(branchTargetEntries * entryBytes);
    code.op('i32.add');
    code.set(end);
    const search = code.loop();
    code.get(entry);
    code.load('i64.load', targets);
    code.get(pc);
    code.i64(1n);
    code.op('i64.or');
    code.op('i64.eq');
    code.if();
    code.get(entry);
    code.load('i64.load', targets + 8);
    code.set(held);
    takeReturn(true);
    code.get(held);
    code.get(target);
    code.op('i64.eq');
    code.get(asked);
    code.op('i32.or');
    code.if();
    this.#know(code, pc, held);
    answer(true);
    code.return();
    code.end();
    code.get(entry);
    code.get(target);
    code.store('i64.store', targets + 8);
    this.#know(code, pc, target);
    answer(false);
    code.return();
    code.end();
    code.get(entry);
    code.i32(entryBytes);
    code.op('i32.add');
    code.tee(entry);
    code.get(end);
    code.op('i32.lt_u');
    code.branchIf(search);
    code.end();
    code.end();
    takeReturn(false);
    if (branchTargetEntries > 0) this.#replaceTarget(code, { pc, target, entry, held });
    answer(false);
    return code;
  }

  /** Ends the function where the target is surely held. */
  #answerKnown(code: Code, pc: number, target: number): void {
    const known = this.#offset + this.#layout.known;
    const slot = code.scratch('learn.slot', 'i32');
    this.#slotAddress(code, pc);
    code.tee(slot);
    code.load('i64.load', known);
    code.get(pc);
    code.op('i64.eq');
    code.get(slot);
    code.load('i64.load', known + 8);
    code.get(target);
    code.op('i64.eq');
    code.op('i32.and');
    code.if();
    code.i32(1);
    code.return();
    code.end();
  }

  /** Puts a transfer in the place of the entry whose turn it is. */
  #replaceTarget(
    code: Code,
    locals: {
      readonly pc: number;
      readonly target: number;
      readonly entry: number;
      readonly held: number;
    },
  ): void {
    const { pc, target, entry, held } = locals;
    const { branchTargetEntries } = this.#parameters;
    const { nextTarget, targets } = this.#layout;
    const next = code.local('i32');
    code.get(0);
    code.load('i32.load', this.#offset + nextTarget);
    code.tee(next);
    code.i32(4);
    code.op('i32.shl');
    code.get(0);
    code.op('i32.add');
    code.set(entry);
    code.get(0);
    code.i32(0);
    code.get(next);
    code.i32(1);
    code.op('i32.add');
    code.get(next);
    code.i32(branchTargetEntries - 1);
    code.op('i32.eq');
    code.select();
    code.store('i32.store', this.#offset + nextTarget);
    code.get(entry);
    code.load('i64.load', this.#offset + targets);
    code.tee(held);
    code.op('i64.eqz');
    code.op('i32.eqz');
    code.if();
    code.get(held);
    code.i64(1n);
    code.op('i64.xor');
    code.set(held);
    this.#count(code, held, -1);
    this.#slotAddress(code, held);
    code.tee(next);
    code.load('i64.load', this.#offset + this.#layout.known);
    code.get(held);
    code.op('i64.eq');
    code.if();
    code.get(next);
    code.i32(NO_ADDRESS);
    code.store('i32.store', this.#offset + this.#layout.known);
    code.end();
    code.end();
    code.get(entry);
    code.get(pc);
    code.i64(1n);
    code.op('i64.or');
    code.store('i64.store', this.#offset + targets);
    code.get(entry);
    code.get(target);
    code.store('i64.store', this.#offset + targets + 8);
    this.#count(code, pc, 1);
    this.#know(code, pc, target);
  }

  #bucketAddress(code: Code, pc: number): void {
    this.#hashed(code, pc, this.#layout.bucketCount, 2);
  }

  #slotAddress(code: Code, pc: number): void {
    this.#hashed(code, pc, this.#layout.knownSlots, 4);
  }

  /** Leaves the address, besides the offset, of an element of a table that some bits of an address select. */
  #hashed(code: Code, pc: number, count: number, shift: number): void {
    code.get(0);
    code.get(pc);
    code.op('i32.wrap_i64');
    code.i32(1);
    code.op('i32.shr_u');
    code.i32(count - 1);
    code.op('i32.and');
    code.i32(shift);
    code.op('i32.shl');
    code.op('i32.add');
  }

  #count(code: Code, pc: number, change: 1 | -1): void {
    const offset = this.#offset + this.#layout.buckets;
    const bucket = code.scratch('learn.bucket', 'i32');
    this.#bucketAddress(code, pc);
    code.tee(bucket);
    code.get(bucket);
    code.load('i32.load', offset);
    code.i32(change);
    code.op('i32.add');
    code.store('i32.store', offset);
  }

  #know(code: Code, pc: number, target: number): void {
    const offset = this.#offset + this.#layout.known;
    const slot = code.scratch('learn.slot', 'i32');
    this.#slotAddress(code, pc);
    code.tee(slot);
    code.get(pc);
    code.store('i64.store', offset);
    code.get(slot);
    code.get(target);
    code.store('i64.store', offset + 8);
  }
}
