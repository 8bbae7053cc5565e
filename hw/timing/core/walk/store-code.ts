import { INDEX_BITS, PendingStore, WORD_BITS } from '../pending-stores.ts';
import type { QuestionFrame } from './question-frame.ts';

const WORD_BYTES = 4;
const NOWHERE = -1;

/** The stores that wait for the data array as code: `PendingStores`. */
export class StoreCode {
  readonly #frame: QuestionFrame;
  readonly #word: number;
  readonly #mask: number;

  constructor(frame: QuestionFrame) {
    this.#frame = frame;
    this.#word = frame.code.local('i32');
    this.#mask = frame.code.local('i32');
  }

  /** Puts 1 (f64) on the stack if the access meets one of the stores that the action names. */
  meets(): void {
    const { code } = this.#frame;
    this.#locate('other');
    [PendingStore.younger, PendingStore.older].forEach((store, index) => {
      this.#frame.part('detail');
      code.i32(store);
      code.op('i32.and');
      code.i32(0);
      code.op('i32.ne');
      this.#pushOf('storeWords', index);
      code.get(this.#word);
      code.op('i32.eq');
      code.op('i32.and');
      this.#pushOf('storeMasks', index);
      code.get(this.#mask);
      code.op('i32.and');
      code.i32(0);
      code.op('i32.ne');
      code.op('i32.and');
      if (index > 0) code.op('i32.or');
    });
    code.float('f64.convert_i32_s');
  }

  /** The access becomes the younger store. */
  hold(): void {
    const { code } = this.#frame;
    this.#locate('detail');
    this.#frame.part('detail');
    code.op('i32.eqz');
    code.if();
    code.i32(NOWHERE);
    code.set(this.#word);
    code.i32(0);
    code.set(this.#mask);
    code.end();
    this.#set('storeWords', 0, () => {
      code.get(this.#word);
    });
    this.#set('storeMasks', 0, () => {
      code.get(this.#mask);
    });
  }

  /** The younger becomes the older one. */
  pass(): void {
    for (const table of ['storeWords', 'storeMasks'] as const) {
      this.#set(table, 1, () => {
        this.#pushOf(table, 0);
      });
    }
  }

  /** Which word of the array the access is in, and which bytes of it. */
  #locate(bytes: 'detail' | 'other'): void {
    const frame = this.#frame;
    const { code } = frame;
    code.get(frame.address);
    code.op('i32.wrap_i64');
    code.tee(this.#word);
    code.i32(2 ** WORD_BITS - 1);
    code.op('i32.and');
    code.set(this.#mask);
    code.i32(1);
    frame.part(bytes);
    code.op('i32.shl');
    code.i32(1);
    code.op('i32.sub');
    code.get(this.#mask);
    code.op('i32.shl');
    code.set(this.#mask);
    code.get(this.#word);
    code.i32(WORD_BITS);
    code.op('i32.shr_u');
    code.i32(2 ** INDEX_BITS - 1);
    code.op('i32.and');
    code.set(this.#word);
  }

  #pushOf(table: 'storeWords' | 'storeMasks', index: number): void {
    this.#frame.load(table);
    this.#frame.code.load('i32.load', WORD_BYTES * index);
  }

  #set(table: 'storeWords' | 'storeMasks', index: number, push: () => void): void {
    this.#frame.load(table);
    push();
    this.#frame.code.store('i32.store', WORD_BYTES * index);
  }
}
