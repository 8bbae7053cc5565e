import type { Code } from '../../wasm/index.ts';
import {
  COUNT_SHIFT,
  DEPTH_MASK,
  MOST_COUNTED,
  POPPED,
  type predictorLayout,
  SEEN_BYTES,
} from '../branch-predictor.ts';
import type { TimingParameters } from '../parameters.ts';
import { pushIsIn } from './return-stack-code.ts';

const WORD_BYTES = 4;

/** The parts of `LearnCode`'s function that deal with the return stack: what happens too rarely to be written wherever a transfer is. */
export class RareReturnCode {
  readonly #code: Code;
  readonly #parameters: TimingParameters;
  readonly #layout: ReturnType<typeof predictorLayout>;
  readonly #offset: number;

  constructor(
    code: Code,
    parameters: TimingParameters,
    layout: ReturnType<typeof predictorLayout>,
    offset: number,
  ) {
    this.#code = code;
    this.#parameters = parameters;
    this.#layout = layout;
    this.#offset = offset;
  }

  /** Notes that a taken branch was mispredicted: `BranchPredictor.#passBehind`. */
  passBehind(pc: number): void {
    const code = this.#code;
    const { stackDepth, vain } = this.#layout;
    const depth = code.scratch('learn.depth', 'i32');
    const count = code.scratch('learn.count', 'i32');
    this.#load(depth, stackDepth);
    code.get(depth);
    code.i32(COUNT_SHIFT);
    code.op('i32.shr_u');
    code.i32(0);
    code.get(0);
    code.load('i32.load', this.#offset + vain);
    code.get(pc);
    code.op('i32.wrap_i64');
    code.op('i32.eq');
    code.select();
    code.i32(1);
    code.op('i32.add');
    code.tee(count);
    code.i32(MOST_COUNTED);
    code.get(count);
    code.i32(MOST_COUNTED);
    code.op('i32.lt_u');
    code.select();
    code.set(count);
    code.get(0);
    code.get(pc);
    code.op('i32.wrap_i64');
    code.store('i32.store', this.#offset + vain);
    code.get(0);
    code.get(depth);
    code.i32(DEPTH_MASK);
    code.op('i32.and');
    code.get(count);
    code.i32(COUNT_SHIFT);
    code.op('i32.shl');
    code.op('i32.or');
    code.store('i32.store', this.#offset + stackDepth);
  }

  /** Takes what a return has taken in vain: `BranchPredictor.#catchUp`. */
  catchUp(pc: number): void {
    const code = this.#code;
    const { stackDepth, stackTop, vain } = this.#layout;
    const { returnStackEntries } = this.#parameters;
    const depth = code.scratch('learn.depth', 'i32');
    const count = code.scratch('learn.count', 'i32');
    const before = code.scratch('learn.before', 'i32');
    const pushWord = (push: () => void): void => {
      push();
      code.i32(-WORD_BYTES);
      code.op('i32.and');
    };
    const pushLow = (): void => {
      code.get(pc);
      code.op('i32.wrap_i64');
    };
    const pushBefore = (): void => {
      code.get(before);
    };
    this.#load(depth, stackDepth);
    this.#load(before, vain);
    code.get(depth);
    code.i32(COUNT_SHIFT);
    code.op('i32.shr_u');
    code.i32(0);
    pushLow();
    pushBefore();
    code.op('i32.gt_u');
    pushWord(pushLow);
    pushWord(pushBefore);
    code.op('i32.sub');
    code.i32(SEEN_BYTES);
    code.op('i32.le_u');
    code.op('i32.and');
    code.select();
    code.set(count);
    code.get(depth);
    code.i32(DEPTH_MASK);
    code.op('i32.and');
    code.set(depth);
    code.get(count);
    code.get(depth);
    code.get(count);
    code.get(depth);
    code.op('i32.lt_u');
    code.select();
    code.set(count);
    code.get(0);
    code.get(depth);
    code.get(count);
    code.op('i32.sub');
    code.store('i32.store', this.#offset + stackDepth);
    if (returnStackEntries === 0) return;
    code.get(0);
    code.get(0);
    code.load('i32.load', this.#offset + stackTop);
    code.i32(returnStackEntries);
    code.op('i32.add');
    code.get(count);
    code.op('i32.sub');
    code.i32(returnStackEntries);
    code.op('i32.rem_u');
    code.store('i32.store', this.#offset + stackTop);
  }

  #load(local: number, from: number): void {
    const code = this.#code;
    code.get(0);
    code.load('i32.load', this.#offset + from);
    code.set(local);
  }

  /** Leaves on the stack whether fetch follows a return to its target: `BranchPredictor.#expects`. */
  pushIsExpected(locals: {
    readonly pc: number;
    readonly target: number;
    readonly held: number;
    readonly isKnown: boolean;
  }): void {
    const code = this.#code;
    const { pc, target, held, isKnown } = locals;
    const { returnStackEntries } = this.#parameters;
    const { stackDepth, stackTop, stack, unseen } = this.#layout;
    const depth = code.scratch('learn.depth', 'i32');
    const top = code.scratch('learn.top', 'i32');
    this.#load(depth, stackDepth);
    this.#load(top, stackTop);
    if (isKnown && returnStackEntries > 0) {
      const word = code.scratch('learn.unseen', 'i32');
      this.#load(word, unseen);
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
  drop(): void {
    const code = this.#code;
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
}
