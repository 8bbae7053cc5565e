import type { Allocation } from '../allocate/allocation.ts';
import type { CodeBuilder } from '../assembly/code-builder.ts';
import { registers, type Register } from '../assembly/register.ts';

const { ra, sp } = registers;

/** The stack frame of one function: spill slots from sp up, then the registers it saves. */
export class Frame {
  readonly #saved: readonly Register[];
  readonly #slotCount: number;
  readonly #bytes: number;

  constructor(allocation: Allocation, isLeaf: boolean) {
    this.#saved = isLeaf ? allocation.saved : [ra, ...allocation.saved];
    this.#slotCount = allocation.slotCount;
    const words = this.#saved.length + this.#slotCount;
    this.#bytes = Math.ceil((words * 8) / 16) * 16;
    if (this.#bytes > 2032) throw new Error(`stack frame of ${this.#bytes} bytes is too large`);
  }

  slotOffset(slot: number): number {
    return slot * 8;
  }

  enter(code: CodeBuilder): void {
    if (this.#bytes === 0) return;
    code.immediate('addi', sp, sp, -this.#bytes);
    this.#saved.forEach((register, k) => code.store('sd', register, this.#savedOffset(k), sp));
  }

  leave(code: CodeBuilder): void {
    if (this.#bytes === 0) return;
    this.#saved.forEach((register, k) => code.load('ld', register, this.#savedOffset(k), sp));
    code.immediate('addi', sp, sp, this.#bytes);
  }

  #savedOffset(k: number): number {
    return (this.#slotCount + k) * 8;
  }
}
