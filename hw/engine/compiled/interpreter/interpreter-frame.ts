import { PAGE_BYTES } from '../../../isa/index.ts';
import { Code } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import { emitLeaf, emitPassing, emitStall, LEAF_BYTES } from '../book-code.ts';
import type { EngineTiming } from '../engine-timing.ts';
import type { OperationTable } from '../operations.ts';
import { ENTRY_SHIFT } from '../packed-entry.ts';
import { runOffsets } from '../run-state.ts';

/** Sizes and places that an interpreter is generated for. */
export interface InterpreterSettings {
  readonly operations: OperationTable;
  readonly timing: EngineTiming;
  /** What instruction addresses are a multiple of. */
  readonly instructionAlignment: 2 | 4;
  /** Address of an entry that stands for "no instruction". */
  readonly noEntry: number;
  /** Address of the table of stalls: cycles and offset of the leaf, a word each. */
  readonly stallTable: number;
  /** Address of the side word of `noEntry`. */
  readonly sideWords: number;
  /** After how many jumps to it an instruction is worth translating; `undefined` for never. */
  readonly heat: number | undefined;
  /** Pages of the machine's memory. */
  readonly memoryPages: number;
}

/** Numbers in the module: imported functions, and the type of the functions of regions. */
export interface InterpreterNumbers {
  readonly fill: number;
  readonly learn: number;
  readonly region: number;
}

/** Bits of an address that name its page. */
export const PAGE_MASK = -BigInt(PAGE_BYTES);
/** Bits of an address that name a place in its page. */
export const IN_PAGE = PAGE_BYTES - 1;

/** The function of an interpreter under construction: its locals, and the steps that several parts of it take. */
export class InterpreterFrame {
  readonly settings: InterpreterSettings;
  readonly numbers: InterpreterNumbers;
  readonly code = new Code(['i32', 'i32']);
  /** Entries are this much farther apart than the instructions. */
  readonly spread: number;
  /** Address of the hart's memory. */
  readonly hart = 0;
  /** Cycles left. */
  readonly left = 1;
  /** Address of the entries of the page. */
  readonly base = this.code.local('i32');
  /** Entry of the instruction, and of the last two in line. */
  readonly entry = this.code.local('i32');
  readonly previous = this.code.local('i32');
  readonly older = this.code.local('i32');
  /** Cycles that passed and are not issue. */
  readonly extraSum = this.code.local('i32');
  /** Filter tables. */
  readonly readTable = this.code.local('i32');
  readonly writeTable = this.code.local('i32');
  /** Why the loop ends (`Exit`). */
  readonly reason = this.code.local('i32');
  /** Address of something that is looked up. */
  readonly slot = this.code.local('i32');
  /** Operation of the entry. */
  readonly op = this.code.local('i32');
  /** Its side word. */
  readonly side = this.code.local('i32');
  /** Cycles of the instruction on top of issue. */
  readonly extra = this.code.local('i32');
  /** Virtual address of the page. */
  readonly page = this.code.local('i64');
  /** Address of an access. */
  readonly address = this.code.local('i64');
  /** Addresses of a transfer, of its target, and behind it. */
  readonly pc = this.code.local('i64');
  readonly target = this.code.local('i64');
  readonly link = this.code.local('i64');
  readonly books = {
    code: this.code,
    hart: this.hart,
    left: this.left,
    extraSum: this.extraSum,
  };

  constructor(settings: InterpreterSettings, numbers: InterpreterNumbers) {
    this.settings = settings;
    this.numbers = numbers;
    this.spread = ENTRY_SHIFT - Math.log2(settings.instructionAlignment);
  }

  /** Takes the state over from the caller. */
  restore(): void {
    const { code } = this;
    const restored = [
      ['base', this.base],
      ['entry', this.entry],
      ['previous', this.previous],
      ['older', this.older],
      ['readTable', this.readTable],
      ['writeTable', this.writeTable],
    ] as const;
    for (const [word, local] of restored) {
      code.get(this.hart);
      code.load('i32.load', runOffsets[word]);
      code.set(local);
    }
    code.get(this.hart);
    code.load('i64.load', hartStateOffsets.pc);
    code.i64(PAGE_MASK);
    code.op('i64.and');
    code.set(this.page);
  }

  /** Puts the address of the current instruction on the stack. */
  pushPc(): void {
    const code = this.code;
    code.get(this.page);
    code.get(this.entry);
    code.get(this.base);
    code.op('i32.sub');
    code.i32(this.spread);
    code.op('i32.shr_u');
    code.op('i64.extend_i32_u');
    code.op('i64.add');
  }

  /** Keeps that address in `pc`. */
  setPc(): void {
    this.pushPc();
    this.code.set(this.pc);
  }

  /** Goes to the entry of `target` in the page whose entries begin at `base`. */
  enterPage(): void {
    const code = this.code;
    code.get(this.target);
    code.op('i32.wrap_i64');
    code.i32(IN_PAGE);
    code.op('i32.and');
    code.i32(this.spread);
    code.op('i32.shl');
    code.get(this.base);
    code.op('i32.add');
    code.set(this.entry);
  }

  /** Forgets the instructions before: nothing waits for them. */
  refetch(): void {
    const code = this.code;
    code.i32(this.settings.noEntry);
    code.tee(this.previous);
    code.set(this.older);
  }

  /** Waits for the instructions before this one. */
  chargeStall(): void {
    emitStall(this.books, { previous: this.previous, older: this.older }, this.settings.stallTable);
  }

  /** Lets the extra cycles pass on behalf of a mechanism. */
  charge(mechanism: number): void {
    const code = this.code;
    code.get(this.extra);
    code.if();
    emitPassing(this.books, this.extra);
    emitLeaf(
      this.books,
      () => {
        code.i32(mechanism * LEAF_BYTES);
      },
      () => {
        code.get(this.extra);
      },
    );
    code.end();
  }

  /** Hands the state over to the caller. */
  save(): void {
    const code = this.code;
    const saved = [
      ['base', this.base],
      ['entry', this.entry],
      ['previous', this.previous],
      ['older', this.older],
      ['left', this.left],
      ['extra', this.extraSum],
    ] as const;
    for (const [word, local] of saved) {
      code.get(this.hart);
      code.get(local);
      code.store('i32.store', runOffsets[word]);
    }
    code.get(this.hart);
    this.pushPc();
    code.store('i64.store', hartStateOffsets.pc);
  }
}
