import { hartStateOffsets } from '../../hart-state.ts';
import { emitExtra } from '../book-code.ts';
import type { CommitSite } from '../engine-timing.ts';
import { runOffsets } from '../run-state.ts';
import type { InterpreterFrame } from './interpreter-frame.ts';

/** Type of the imported `commit`: (hart, where the access was made, variant) to cycles; see `CompiledClient.commit`. */
export const commitType = { parameters: ['i32', 'i32', 'i32'], results: ['i32'] } as const;
/** Type of `perform`: (hart, where the access was made, action) to an answer; see `CompiledClient.perform`. */
export const performType = { parameters: ['i32', 'i32', 'i32'], results: ['f64'] } as const;

/** Where the function that follows a commit finds what it needs; it takes the addresses that it hands on to the two besides. */
export function commitSite(commit: number, perform: number): CommitSite {
  return {
    ...{ commit, perform },
    cycle: hartStateOffsets.cycle,
    leaves: runOffsets.leaves,
    addresses: hartStateOffsets.commit,
  };
}

/** Lets a core in stages say how long each instruction takes, in place of what is known when code is decoded. */
export class CommitCode {
  readonly #frame: InterpreterFrame;
  /** Where the access of the instruction was made, 0 if it made none. */
  readonly #host: number;
  readonly #cycles: number;

  constructor(frame: InterpreterFrame) {
    this.#frame = frame;
    this.#host = frame.code.local('i32');
    this.#cycles = frame.code.local('i32');
  }

  /** Nothing is known of the next instruction. */
  begin(): void {
    const { code, extra } = this.#frame;
    code.i32(0);
    code.set(extra);
    code.i32(0);
    code.set(this.#host);
  }

  /** Notes where an access is made, which is on the stack (i32) and stays there. */
  noteAccess(): void {
    this.#frame.code.tee(this.#host);
  }

  /** Commits an instruction behind which the next one in line follows. */
  inLine(): void {
    this.#commit(() => {
      this.#pushBehind();
    });
  }

  /** Commits a transfer to `target`. */
  elsewhere(): void {
    const { code, target } = this.#frame;
    this.#commit(() => {
      code.get(target);
    }, true);
  }

  #commit(pushNext: () => void, isTaken = false): void {
    const { code, hart, left, extra, address, numbers } = this.#frame;
    code.get(hart);
    code.get(this.#host);
    code.get(extra);
    code.i32(1);
    code.op('i32.shl');
    if (isTaken) {
      code.i32(1);
      code.op('i32.or');
    }
    this.#frame.pushPc();
    pushNext();
    code.get(address);
    code.i32(0);
    code.call(numbers.commit);
    code.set(this.#cycles);
    code.get(left);
    code.get(this.#cycles);
    code.op('i32.sub');
    code.set(left);
    emitExtra({ code, hart }, () => {
      code.get(this.#cycles);
      code.i32(1);
      code.op('i32.sub');
    });
    this.begin();
  }

  #pushBehind(): void {
    const { code } = this.#frame;
    this.#frame.pushPc();
    this.#frame.pushLength();
    code.op('i64.extend_i32_u');
    code.op('i64.add');
  }
}
