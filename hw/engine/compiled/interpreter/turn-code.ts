import type { Label } from '../../../wasm/index.ts';
import { NO_HART, runOffsets } from '../run-state.ts';
import type { InterpreterFrame } from './interpreter-frame.ts';

/**
 * Turns of harts that run together: always the one goes on that is least far, and at equal times the one whose memory comes
 * first. What a hart has left until all stop tells how far it is. They stand in line in this order, linked by `nextHart`.
 */
export class TurnCode {
  readonly #frame: InterpreterFrame;
  readonly #own: number;
  readonly #second: number;
  readonly #place: number;
  readonly #next: number;

  constructor(frame: InterpreterFrame) {
    const { code } = frame;
    this.#frame = frame;
    this.#own = code.local('i32');
    this.#second = code.local('i32');
    this.#place = code.local('i32');
    this.#next = code.local('i32');
  }

  /** Puts the first in line, whose turn has ended, where it belongs now; the second becomes the first. Nothing if it is alone. */
  requeue(): void {
    const { code, hart, last } = this.#frame;
    this.#pushWord(hart, 'nextHart');
    code.tee(this.#second);
    code.i32(NO_HART);
    code.op('i32.ne');
    code.if();
    this.#pushWord(hart, 'left');
    code.set(this.#own);
    // All are about equally far, so that this one is mostly the farthest now.
    this.#pushIsBehind(last);
    code.if();
    code.get(last);
    code.set(this.#place);
    code.get(hart);
    code.set(last);
    code.else();
    this.#findPlace();
    code.end();
    code.get(hart);
    this.#pushWord(this.#place, 'nextHart');
    code.store('i32.store', runOffsets.nextHart);
    code.get(this.#place);
    code.get(hart);
    code.store('i32.store', runOffsets.nextHart);
    code.get(this.#second);
    code.set(hart);
    code.end();
  }

  /** Gives the first in line its turn, until it is another's; branches to `leave` if it has nothing left. */
  begin(leave: Label): void {
    const { code, hart, left, reserve } = this.#frame;
    this.#pushWord(hart, 'left');
    code.tee(left);
    code.i32(0);
    code.op('i32.le_s');
    code.branchIf(leave);
    code.i32(0);
    code.set(reserve);
    this.#pushWord(hart, 'nextHart');
    code.tee(this.#second);
    code.i32(NO_HART);
    code.op('i32.ne');
    code.if();
    // At equal times it may still begin if it comes first.
    this.#pushWord(this.#second, 'left');
    code.get(hart);
    code.get(this.#second);
    code.op('i32.lt_u');
    code.op('i32.sub');
    code.tee(this.#own);
    code.i32(0);
    code.get(this.#own);
    code.i32(0);
    code.op('i32.gt_s');
    code.select();
    code.set(reserve);
    code.get(left);
    code.get(reserve);
    code.op('i32.sub');
    code.set(left);
    code.end();
    code.get(hart);
    this.#pushWord(hart, 'limit');
    code.get(reserve);
    code.op('i32.sub');
    code.store('i32.store', runOffsets.end);
  }

  /** Finds the last in line, from the second on, that the first belongs behind. */
  #findPlace(): void {
    const { code } = this.#frame;
    code.get(this.#second);
    code.set(this.#place);
    const found = code.block();
    const walk = code.loop();
    this.#pushWord(this.#place, 'nextHart');
    code.tee(this.#next);
    code.i32(NO_HART);
    code.op('i32.eq');
    code.branchIf(found);
    this.#pushIsBehind(this.#next);
    code.op('i32.eqz');
    code.branchIf(found);
    code.get(this.#next);
    code.set(this.#place);
    code.branch(walk);
    code.end();
    code.end();
  }

  /** Puts on the stack whether the first in line, with `own` left, belongs behind another. */
  #pushIsBehind(other: number): void {
    const { code, hart } = this.#frame;
    this.#pushWord(other, 'left');
    code.get(hart);
    code.get(other);
    code.op('i32.gt_u');
    code.op('i32.add');
    code.get(this.#own);
    code.op('i32.gt_s');
  }

  #pushWord(hart: number, word: 'left' | 'limit' | 'nextHart'): void {
    const { code } = this.#frame;
    code.get(hart);
    code.load('i32.load', runOffsets[word]);
  }
}
