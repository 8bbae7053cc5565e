import type { Label } from '../../../wasm/index.ts';
import { filterShapes } from '../line-filter-code.ts';
import { FIRST_OPERATION, Special } from '../packed-entry.ts';
import type { InterpreterFrame } from './interpreter-frame.ts';

/** Type of the imported `fetchLine`: (hart, address low, address high, cycles left) to cycles; see `CompiledClient.fetchLine`. */
export const fetchLineType = {
  parameters: ['i32', 'i32', 'i32', 'i32'],
  results: ['i32'],
} as const;

const LINE_SHIFT = filterShapes.write.shift;
/** From the first parcel of an instruction to the second. */
const PARCEL = 2;

/** Where caches are modelled: asks whether the lines of an instruction are in the instruction cache, and fetches them where they are not. */
export class LineCode {
  readonly #frame: InterpreterFrame;
  readonly #cycles: number;

  constructor(frame: InterpreterFrame) {
    this.#frame = frame;
    this.#cycles = frame.code.local('i32');
  }

  /** Puts on the stack whether a line that the instruction may need is not known to be there. */
  pushIsAbsent(): void {
    const { code, settings } = this.#frame;
    this.#pushLines(0);
    if (settings.instructionAlignment === PARCEL) {
      this.#pushLines(PARCEL);
      code.op('i64.and');
    }
    code.op('i32.wrap_i64');
    code.i32(1);
    code.op('i32.and');
    code.op('i32.eqz');
  }

  /** Fetches the instruction where it may be absent; behind a wait nothing is in the pipeline, and `waited` is appended. */
  fetch(waited?: () => void): void {
    const { code, entry, left, arrived } = this.#frame;
    this.pushIsAbsent();
    code.unlikely();
    code.if();
    this.#callFetch();
    code.tee(this.#cycles);
    code.if();
    code.get(left);
    code.get(this.#cycles);
    code.op('i32.sub');
    code.set(left);
    code.get(entry);
    code.set(arrived);
    this.#frame.refetch();
    waited?.();
    code.end();
    code.end();
  }

  /** Puts in front of an instruction that somebody else has led to what fetches it. */
  chooseIfAbsent(): void {
    const { code, op } = this.#frame;
    this.#pushIsInstruction();
    code.get(op);
    code.i32(Special.region);
    code.op('i32.eq');
    code.op('i32.or');
    code.if();
    this.pushIsAbsent();
    code.unlikely();
    code.if();
    code.i32(Special.line);
    code.set(op);
    code.end();
    code.end();
  }

  /**
   * Fetches the instruction that a transfer leads to, if it is one for generated code and its turn has not ended. One that has waited has begun,
   * so that it goes on at `next`.
   */
  arrive(next: Label): void {
    const { code, left } = this.#frame;
    this.#pushIsInstruction();
    code.get(left);
    code.i32(0);
    code.op('i32.gt_s');
    code.op('i32.and');
    code.if();
    this.fetch(() => {
      code.branch(next);
    });
    code.end();
  }

  /** Puts on the stack whether the operation is that of an instruction. */
  #pushIsInstruction(): void {
    const { code, op } = this.#frame;
    code.get(op);
    code.i32(FIRST_OPERATION);
    code.op('i32.ge_u');
    code.get(op);
    code.i32(Special.nothing);
    code.op('i32.eq');
    code.op('i32.or');
  }

  /** Puts the lines that are there on the stack (i64), shifted by that of a byte of the instruction. */
  #pushLines(offset: number): void {
    const { code } = this.#frame;
    this.#frame.loadRun('fetched');
    code.load('i64.load');
    this.#frame.pushPlace();
    if (offset > 0) {
      code.i32(offset);
      code.op('i32.add');
    }
    code.i32(LINE_SHIFT);
    code.op('i32.shr_u');
    code.op('i64.extend_i32_u');
    code.op('i64.shr_u');
  }

  #callFetch(): void {
    const { code, hart, numbers } = this.#frame;
    code.get(hart);
    this.#frame.pushPc();
    code.op('i32.wrap_i64');
    this.#frame.pushPc();
    code.i64(32n);
    code.op('i64.shr_u');
    code.op('i32.wrap_i64');
    this.#frame.pushLeft();
    code.call(numbers.fetchLine);
  }
}
