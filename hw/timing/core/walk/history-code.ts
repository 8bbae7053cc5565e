import type { TimingParameters } from '../../parameters.ts';
import { type HistoryHash, historyHash, REMEMBERED } from '../branch-history.ts';
import { FIRST_NAME } from '../entry-names.ts';
import { ENTRY_SHIFT } from '../recorded-surroundings.ts';
import { historyGeometry } from '../predictors.ts';
import type { ActionPart, QuestionFrame } from './question-frame.ts';
import type { WalkWord } from './walk-state.ts';

const WORD_SHIFT = 2;

/** The direction predictor and the order of the target buffer as code: `BranchHistory`, and `BranchTargetBuffer.use`. */
export class HistoryCode {
  readonly #frame: QuestionFrame;
  readonly #hash: HistoryHash;
  readonly #mask: number;
  readonly #place: number;
  readonly #value: number;

  constructor(frame: QuestionFrame, parameters: TimingParameters) {
    this.#frame = frame;
    this.#hash = historyHash(historyGeometry(parameters));
    this.#mask = parameters.branchHistoryEntries - 1;
    this.#place = frame.code.local('i32');
    this.#value = frame.code.local('i32');
  }

  /** Puts the predicted direction (f64) on the stack. */
  direction(): void {
    const { code } = this.#frame;
    this.#pushPredictor(
      () => {
        this.#frame.part('detail');
      },
      () => {
        this.#pushPlace();
      },
    );
    code.load('i32.load8_u');
    code.float('f64.convert_i32_s');
  }

  /** Takes an outcome into the history. */
  predict(): void {
    const frame = this.#frame;
    const { code } = frame;
    const { length, multiplier, down, up } = this.#hash;
    this.#pushEntry('histories', () => {
      this.#pushPlace();
    });
    code.load('i32.load');
    code.i32(1);
    code.op('i32.shr_u');
    frame.part('detail');
    code.i32(length - 1);
    code.op('i32.shl');
    code.op('i32.or');
    code.set(this.#value);
    this.#pushPlace();
    code.i32(1);
    code.op('i32.add');
    code.i32(REMEMBERED - 1);
    code.op('i32.and');
    code.set(this.#place);
    this.#setPlace();
    const pushPlace = (): void => {
      code.get(this.#place);
    };
    this.#pushEntry('histories', pushPlace);
    code.get(this.#value);
    code.store('i32.store');
    this.#pushEntry('hashes', pushPlace);
    code.get(this.#value);
    code.i32(multiplier);
    code.op('i32.mul');
    code.i32(2 ** length - 1);
    code.op('i32.and');
    code.i32(down);
    code.op('i32.shr_u');
    code.i32(up);
    code.op('i32.shl');
    code.store('i32.store');
  }

  /** Learns the direction of a branch that has been resolved. */
  resolve(): void {
    const frame = this.#frame;
    const { code } = frame;
    this.#pushPredictor(
      () => {
        frame.part('detail');
        code.i32(1);
        code.op('i32.shr_s');
      },
      () => {
        this.#pushPlaceBefore('other');
      },
    );
    frame.part('detail');
    code.i32(1);
    code.op('i32.and');
    code.store('i32.store8');
  }

  /** Forgets the latest outcomes. */
  rewind(): void {
    this.#pushPlaceBefore('detail');
    this.#frame.code.set(this.#place);
    this.#setPlace();
  }

  /** An entry of the target buffer predicted a taken transfer. */
  useTarget(): void {
    this.#frame.part('detail');
    this.#setEntry();
    this.#touch();
  }

  /** The target buffer learns what it knew when it did so last, so that the entry is only used. */
  learnTarget(): void {
    const frame = this.#frame;
    const { code } = frame;
    frame.part('detail');
    code.i32(ENTRY_SHIFT);
    code.op('i32.shr_u');
    this.#setEntry();
    frame.part('answer');
    frame.load('targetChanges');
    code.load('i32.load');
    code.float('f64.convert_i32_s');
    code.float('f64.eq');
    code.get(this.#value);
    frame.part('extra');
    code.op('i32.eq');
    code.op('i32.and');
    code.likely();
    code.if();
    this.#touch();
    code.else();
    frame.perform();
    code.drop();
    code.end();
  }

  /** Makes `value` the number of the entry on the stack, which may have a name instead. */
  #setEntry(): void {
    const frame = this.#frame;
    const { code } = frame;
    code.tee(this.#value);
    code.i32(FIRST_NAME);
    code.op('i32.ge_u');
    code.if();
    frame.load('siteEntries');
    code.get(this.#value);
    code.i32(FIRST_NAME);
    code.op('i32.sub');
    code.i32(WORD_SHIFT);
    code.op('i32.shl');
    code.op('i32.add');
    code.load('i32.load');
    code.set(this.#value);
    code.end();
  }

  /** The entry becomes the one that was used last. */
  #touch(): void {
    const frame = this.#frame;
    const { code } = frame;
    frame.load('targetMasks');
    code.get(this.#value);
    code.i32(WORD_SHIFT + 1);
    code.op('i32.shl');
    code.op('i32.add');
    code.tee(this.#place);
    code.load('i32.load');
    code.tee(this.#value);
    code.op('i32.eqz');
    code.unlikely();
    code.if();
    frame.perform();
    code.drop();
    code.else();
    frame.load('targetOrder');
    frame.load('targetOrder');
    code.load('i32.load');
    code.get(this.#value);
    code.op('i32.and');
    code.get(this.#place);
    code.load('i32.load', 2 ** WORD_SHIFT);
    code.op('i32.or');
    code.store('i32.store');
    code.end();
  }

  #pushPlace(): void {
    this.#frame.load('historyPlace');
    this.#frame.code.load('i32.load');
  }

  /** So many outcomes ago; the core that writes paths down has seen to it that so many are remembered. */
  #pushPlaceBefore(age: ActionPart): void {
    const { code } = this.#frame;
    this.#pushPlace();
    this.#frame.part(age);
    code.op('i32.sub');
    code.i32(REMEMBERED - 1);
    code.op('i32.and');
  }

  #setPlace(): void {
    const { code } = this.#frame;
    this.#frame.load('historyPlace');
    code.get(this.#place);
    code.store('i32.store');
  }

  /** Puts the address of an element of a ring on the stack. */
  #pushEntry(ring: Extract<WalkWord, 'histories' | 'hashes'>, pushPlace: () => void): void {
    const { code } = this.#frame;
    this.#frame.load(ring);
    pushPlace();
    code.i32(WORD_SHIFT);
    code.op('i32.shl');
    code.op('i32.add');
  }

  /** Puts the address of a predictor on the stack, by the share of its index that follows from the address and a place in the history. */
  #pushPredictor(pushShare: () => void, pushPlace: () => void): void {
    const { code } = this.#frame;
    this.#frame.load('taken');
    this.#pushEntry('hashes', pushPlace);
    code.load('i32.load');
    pushShare();
    code.op('i32.xor');
    code.i32(this.#mask);
    code.op('i32.and');
    code.op('i32.add');
  }
}
