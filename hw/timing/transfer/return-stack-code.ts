import type { PredictorPlace } from './frame.ts';

const ENTRY_SHIFT = 3;

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

  /** Pops, and leaves on WebAssembly's stack whether the entry was the address (i64) that `target` leaves there. */
  pop(target: () => void): void {
    const { code, hart, offset, layout, parameters } = this.#place;
    const { returnStackEntries } = parameters;
    const { stackTop, stackDepth, stack } = layout;
    const top = code.scratch('transfer.top', 'i32');
    const depth = code.scratch('transfer.depth', 'i32');
    code.get(hart);
    code.load('i32.load', offset + stackDepth);
    code.tee(depth);
    code.likely();
    code.if('i32');
    code.get(hart);
    code.get(depth);
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
    code.else();
    code.i32(0);
    code.end();
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
