import type { Code } from '../../wasm/index.ts';
import { DEPTH_MASK, NO_ADDRESS, POPPED } from '../branch-predictor.ts';
import type { PredictorPlace } from './frame.ts';

const ENTRY_SHIFT = 3;
const WORD_BYTES = 4;

/** The return stack as code. */
export class ReturnStackCode {
  readonly #place: PredictorPlace;

  constructor(place: PredictorPlace) {
    this.#place = place;
  }

  /** Pushes an address, which `link` leaves on WebAssembly's stack (i64), over the oldest entry when the stack is full. */
  push(link: () => void): void {
    const { code, hart, offset, layout, parameters } = this.#place;
    const { returnStackEntries } = parameters;
    if (returnStackEntries === 0) return;
    const { stackTop, stackDepth, stack } = layout;
    const top = code.scratch('transfer.top', 'i32');
    const depth = code.scratch('transfer.depth', 'i32');
    code.get(hart);
    code.get(hart);
    code.load('i32.load', offset + stackTop);
    code.i32(1);
    code.op('i32.add');
    code.tee(top);
    code.i32(0);
    code.get(top);
    code.i32(returnStackEntries);
    code.op('i32.lt_u');
    code.select();
    code.tee(top);
    code.store('i32.store', offset + stackTop);
    code.get(hart);
    code.get(hart);
    code.load('i32.load', offset + stackDepth);
    code.i32(DEPTH_MASK);
    code.op('i32.and');
    code.tee(depth);
    code.get(depth);
    code.i32(returnStackEntries);
    code.op('i32.lt_u');
    code.op('i32.add');
    code.store('i32.store', offset + stackDepth);
    this.#pushEntry(top);
    link();
    code.store('i64.store', offset + stack);
  }

  /** Notes that the word at a target, which `target` leaves on the stack (i64), is fetched before the change, which took an entry or gave one. */
  leaveUnseen(target: () => void, isPopped: boolean): void {
    const { code, hart, offset, layout } = this.#place;
    code.get(hart);
    target();
    code.op('i32.wrap_i64');
    code.i32(-WORD_BYTES);
    code.op('i32.and');
    if (isPopped) {
      code.i32(POPPED);
      code.op('i32.or');
    }
    code.store('i32.store', offset + layout.unseen);
  }

  /** Notes that there is no such word. */
  see(): void {
    const { code, hart, offset, layout } = this.#place;
    code.get(hart);
    code.i32(NO_ADDRESS);
    code.store('i32.store', offset + layout.unseen);
  }

  /**
   * Leaves on the stack whether a return, which ends in a half-word (i64), may not just pop: there is nothing, it has not seen the last change, or it
   * may have been fetched in vain.
   */
  pushIsSpecial(end: () => void): void {
    const { code, hart, offset, layout } = this.#place;
    const unseen = code.scratch('transfer.unseen', 'i32');
    code.get(hart);
    code.load('i32.load', offset + layout.unseen);
    code.set(unseen);
    pushIsIn(code, unseen, end);
    code.get(hart);
    code.load('i32.load', offset + layout.stackDepth);
    code.i32(1);
    code.op('i32.sub');
    code.i32(DEPTH_MASK);
    code.op('i32.ge_u');
    code.op('i32.or');
  }

  /** Pops where there is an entry, and leaves on WebAssembly's stack whether that was the address (i64) that `target` leaves there. */
  pop(target: () => void): void {
    const { code, hart, offset, layout, parameters } = this.#place;
    const { returnStackEntries } = parameters;
    const { stackTop, stackDepth, stack } = layout;
    const top = code.scratch('transfer.top', 'i32');
    code.get(hart);
    code.get(hart);
    code.load('i32.load', offset + stackDepth);
    code.i32(1);
    code.op('i32.sub');
    code.store('i32.store', offset + stackDepth);
    code.get(hart);
    code.get(hart);
    code.load('i32.load', offset + stackTop);
    code.tee(top);
    code.i32(1);
    code.op('i32.sub');
    code.i32(returnStackEntries - 1);
    code.get(top);
    code.select();
    code.store('i32.store', offset + stackTop);
    this.#pushEntry(top);
    code.load('i64.load', offset + stack);
    target();
    code.op('i64.eq');
  }

  #pushEntry(index: number): void {
    const { code, hart } = this.#place;
    code.get(index);
    code.i32(ENTRY_SHIFT);
    code.op('i32.shl');
    code.get(hart);
    code.op('i32.add');
  }
}

/** Leaves on the stack whether the half-word at an address, which `low` leaves there (i64), is in a word whose address is in a local (i32). */
export function pushIsIn(code: Code, word: number, low: () => void): void {
  code.get(word);
  code.i32(~POPPED);
  code.op('i32.and');
  low();
  code.op('i32.wrap_i64');
  code.i32(-WORD_BYTES);
  code.op('i32.and');
  code.op('i32.eq');
}
