import { NOTHING } from '../surroundings.ts';
import type { QuestionFrame } from './question-frame.ts';

const NUMBER_SHIFT = 3;
const LATEST = 4;

/** The stack of return addresses as code: `ReturnStack`. */
export class ReturnCode {
  readonly #frame: QuestionFrame;
  readonly #counts: number;
  readonly #place: number;

  constructor(frame: QuestionFrame) {
    this.#frame = frame;
    this.#counts = frame.code.local('i32');
    this.#place = frame.code.local('i32');
  }

  /** Puts where the next return goes on the stack (f64). */
  top(): void {
    const { code } = this.#frame;
    this.#loadCount();
    code.if('f64');
    this.#pushElement(() => {
      code.get(this.#counts);
      code.load('i32.load', LATEST);
    });
    code.load('f64.load');
    code.else();
    code.f64(NOTHING);
    code.end();
  }

  /** Keeps the return address of a call. */
  push(): void {
    const frame = this.#frame;
    const { code } = frame;
    frame.load('mostReturns');
    code.if();
    this.#loadCount();
    frame.load('mostReturns');
    code.op('i32.ne');
    code.if();
    this.#setCount(1);
    code.end();
    this.#setPlace(1);
    this.#pushElement(() => {
      code.get(this.#place);
    });
    frame.part('subject');
    code.store('f64.store');
    code.end();
  }

  /** Drops the latest. */
  pop(): void {
    const { code } = this.#frame;
    this.#loadCount();
    code.if();
    this.#setCount(-1);
    this.#setPlace(-1);
    code.end();
  }

  /** Puts how many there are on the stack. */
  #loadCount(): void {
    const { code } = this.#frame;
    this.#frame.load('returnCounts');
    code.tee(this.#counts);
    code.load('i32.load');
  }

  #setCount(change: 1 | -1): void {
    const { code } = this.#frame;
    code.get(this.#counts);
    code.get(this.#counts);
    code.load('i32.load');
    code.i32(change);
    code.op('i32.add');
    code.store('i32.store');
  }

  #setPlace(change: 1 | -1): void {
    const frame = this.#frame;
    const { code } = frame;
    code.get(this.#counts);
    code.get(this.#counts);
    code.load('i32.load', LATEST);
    frame.load('mostReturns');
    code.op('i32.add');
    code.i32(change);
    code.op('i32.add');
    frame.load('mostReturns');
    code.op('i32.rem_u');
    code.tee(this.#place);
    code.store('i32.store', LATEST);
  }

  #pushElement(pushPlace: () => void): void {
    const { code } = this.#frame;
    this.#frame.load('returns');
    pushPlace();
    code.i32(NUMBER_SHIFT);
    code.op('i32.shl');
    code.op('i32.add');
  }
}
