import { Code } from '../../wasm/index.ts';
import { NO_ADDRESS, POPPED, Prediction, predictorLayout } from '../branch-predictor.ts';
import type { TimingParameters } from '../parameters.ts';
import { pushIsIn } from './return-stack-code.ts';

/** What the function is asked: whether a target is held, that one or any; or all about a return. */
export const Asked = { thisTarget: 0, anyTarget: 1, return: 2 } as const;

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
    const { branchTargetEntries } = this.#parameters;
    const targets = this.#offset + this.#layout.targets;
    const entryBytes = 16;
    const takeReturn = (isKnown: boolean): void => {
      code.get(isReturn);
      code.if();
      this.#pushIsExpected(code, { pc, target, held, isKnown });
      code.set(asked);
      this.#drop(code);
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
    code.set(isReturn);
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

  /** Leaves on the stack whether fetch follows a return to its target: `BranchPredictor.#expects`. */
  #pushIsExpected(
    code: Code,
    locals: {
      readonly pc: number;
      readonly target: number;
      readonly held: number;
      readonly isKnown: boolean;
    },
  ): void {
    const { pc, target, held, isKnown } = locals;
    const { returnStackEntries } = this.#parameters;
    const { stackDepth, stackTop, stack, unseen } = this.#layout;
    const depth = code.scratch('learn.depth', 'i32');
    const top = code.scratch('learn.top', 'i32');
    const load = (local: number, from: number): void => {
      code.get(0);
      code.load('i32.load', this.#offset + from);
      code.set(local);
    };
    load(depth, stackDepth);
    load(top, stackTop);
    if (isKnown && returnStackEntries > 0) {
      const word = code.scratch('learn.unseen', 'i32');
      load(word, unseen);
      pushIsIn(code, word, () => {
        code.get(pc);
      });
      code.if();
      const choose = (popped: number, pushed: number): void => {
        code.i32(popped);
        code.i32(pushed);
        code.get(word);
        code.i32(POPPED);
        code.op('i32.and');
        code.select();
        code.op('i32.add');
      };
      code.get(depth);
      choose(1, -1);
      code.set(depth);
      code.get(top);
      choose(1, returnStackEntries - 1);
      code.i32(returnStackEntries);
      code.op('i32.rem_u');
      code.set(top);
      code.end();
    }
    code.get(depth);
    code.if('i32');
    code.get(0);
    code.get(top);
    code.i32(3);
    code.op('i32.shl');
    code.op('i32.add');
    code.load('i64.load', this.#offset + stack);
    code.get(target);
    code.op('i64.eq');
    code.else();
    if (isKnown) {
      code.get(held);
      code.get(target);
      code.op('i64.eq');
    } else code.i32(0);
    code.end();
  }

  /** Takes an entry from the return stack, if there is one. */
  #drop(code: Code): void {
    const { returnStackEntries } = this.#parameters;
    const { stackDepth, stackTop } = this.#layout;
    const depth = code.scratch('learn.depth', 'i32');
    const top = code.scratch('learn.top', 'i32');
    code.get(0);
    code.load('i32.load', this.#offset + stackDepth);
    code.tee(depth);
    code.if();
    code.get(0);
    code.get(depth);
    code.i32(1);
    code.op('i32.sub');
    code.store('i32.store', this.#offset + stackDepth);
    code.get(0);
    code.get(0);
    code.load('i32.load', this.#offset + stackTop);
    code.tee(top);
    code.i32(1);
    code.op('i32.sub');
    code.i32(returnStackEntries - 1);
    code.get(top);
    code.select();
    code.store('i32.store', this.#offset + stackTop);
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
