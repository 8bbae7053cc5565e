import type { Code } from '../../../wasm/index.ts';
import { emitExtra, emitLeaf, emitStall, LEAF_BYTES } from '../book-code.ts';
import type { Stall } from '../entry-writer.ts';

/** The locals (i32) of a region's function that time is counted in. */
export interface BookLocals {
  /** Address of the hart's memory. */
  readonly hart: number;
  readonly left: number;
}

/** Time in the code of a region: what is known when the code is written is booked block by block, the rest as it passes. */
export class RegionBooks {
  readonly #code: Code;
  readonly #locals: BookLocals;
  /** Cycles by mechanism that are added to its leaf when the region is left. */
  readonly #sums = new Map<number, number>();
  /** Instructions that retired and cycles that they waited, by mechanism, and are not booked yet. */
  #issued = 0;
  #stalls = new Map<number, number>();
  readonly #extra: number;

  constructor(code: Code, locals: BookLocals) {
    this.#code = code;
    this.#locals = locals;
    this.#extra = code.local('i32');
  }

  /** Forgets what is pending: another block begins. */
  begin(): void {
    this.#issued = 0;
    this.#stalls = new Map();
  }

  /** Cycles that are not taken from what is left yet. */
  get pending(): number {
    return [...this.#stalls.values()].reduce((sum, cycles) => sum + cycles, this.#issued);
  }

  /** Counts an instruction. */
  issue(): void {
    this.#issued += 1;
  }

  /** Counts a wait that is known. */
  stall({ cycles, leaf }: Stall): void {
    if (cycles > 0) this.#stalls.set(leaf, (this.#stalls.get(leaf) ?? 0) + cycles);
  }

  /** Waits for instructions that are only known when the code runs; see `emitStall`. */
  stallBehind(trail: number, stallTable: number): void {
    emitStall({ code: this.#code, ...this.#locals }, trail, stallTable);
  }

  /** Takes back a wait for instructions that are only known when the code runs. */
  takeBackStall(trail: number, stallTable: number): void {
    emitStall({ code: this.#code, ...this.#locals }, trail, stallTable, -1);
  }

  /** Books what is pending. */
  flush(): void {
    this.emitPending();
    this.begin();
  }

  /** Books what is pending on a way that leaves the block, which goes on otherwise. */
  emitPending(): void {
    const code = this.#code;
    let cycles = this.#issued;
    for (const [leaf, stall] of this.#stalls) {
      cycles += stall;
      this.#addTo(this.#sumOf(leaf), () => {
        code.i32(stall);
      });
    }
    if (cycles === 0) return;
    this.#subtract(() => {
      code.i32(cycles);
    });
  }

  /** Lets cycles pass at once. */
  pass({ cycles, leaf }: Stall): void {
    if (cycles === 0) return;
    this.passFor(leaf, () => {
      this.#code.i32(cycles);
    });
  }

  /** The same of cycles (i32) that `push` leaves on the stack. */
  passFor(leaf: number, push: () => void): void {
    this.#subtract(push);
    this.#addTo(this.#sumOf(leaf), push);
  }

  /** Keeps the extra cycles of an instruction (i32), which `push` leaves on the stack, until it is done. */
  keepExtra(push: () => void): void {
    push();
    this.#code.set(this.#extra);
  }

  /** Lets them pass on behalf of a mechanism. */
  addExtra(mechanism: number): void {
    this.passFor(mechanism, () => {
      this.#code.get(this.#extra);
    });
  }

  /** Adds everything to the leaves of the cycle tree. */
  close(): void {
    const code = this.#code;
    const { hart } = this.#locals;
    for (const [mechanism, sum] of this.#sums) {
      const push = (): void => {
        code.get(sum);
      };
      push();
      code.if();
      emitLeaf(
        { code, hart },
        () => {
          code.i32(mechanism * LEAF_BYTES);
        },
        push,
      );
      emitExtra({ code, hart }, push);
      code.end();
    }
  }

  #subtract(cycles: () => void): void {
    const { left } = this.#locals;
    this.#code.get(left);
    cycles();
    this.#code.op('i32.sub');
    this.#code.set(left);
  }

  #addTo(local: number, value: () => void): void {
    this.#code.get(local);
    value();
    this.#code.op('i32.add');
    this.#code.set(local);
  }

  #sumOf(mechanism: number): number {
    let sum = this.#sums.get(mechanism);
    if (sum === undefined) {
      sum = this.#code.local('i32');
      this.#sums.set(mechanism, sum);
    }
    return sum;
  }
}
