import { PAGE_BYTES } from '../../../isa/index.ts';
import { Code, type Label } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import { emitCharge, emitStall } from '../book-code.ts';
import type { EngineTiming, FrameTransfers } from '../engine-timing.ts';
import { waitedLocal } from '../float-wait-code.ts';
import type { OperationTable } from '../operations.ts';
import { type Exit, packed } from '../packed-entry.ts';
import { HALF_BIT, layoutShifts } from '../page-layout.ts';
import { runOffsets } from '../run-state.ts';
import { PARCELS_SHIFT } from '../trail.ts';
import { CommitCode } from './commit-code.ts';
import { LineCode } from './line-code.ts';
import { LookBackCode } from './look-back-code.ts';

/** Sizes and places that an interpreter is generated for. */
export interface InterpreterSettings {
  readonly operations: OperationTable;
  readonly timing: EngineTiming;
  /** What instruction addresses are a multiple of. */
  readonly instructionAlignment: 2 | 4;
  /** Address of the table of stalls: cycles and offset of the leaf, a word each. */
  readonly stallTable: number;
  /** After how many jumps to it an instruction is worth translating; `undefined` for never. */
  readonly heat: number | undefined;
  /** Pages of the machine's memory. */
  readonly memoryPages: number;
}

/** Numbers in the module: functions, and the type of the functions of regions. */
export interface InterpreterNumbers {
  readonly fill: number;
  readonly fetchLine: number;
  readonly learn: number;
  readonly region: number;
  readonly transition: number;
  readonly commit: number;
  readonly arrival: number;
}

/** Bits of an address that name its page. */
export const PAGE_MASK = -BigInt(PAGE_BYTES);
/** Bits of an address that name a place in its page. */
export const IN_PAGE = PAGE_BYTES - 1;
const WORD_BYTES = 4;
const PARCEL_BYTES = 2;
/** Places that are a multiple of this have their entries side by side. */
const MULTIPLE = 4;

/** The function of an interpreter under construction: its locals, and the steps that several parts of it take. */
export class InterpreterFrame {
  readonly settings: InterpreterSettings;
  readonly numbers: InterpreterNumbers;
  readonly code = new Code(['i32', 'i32', 'i32']);
  /** Address of the hart's memory. */
  readonly hart = 0;
  /** Cycles left of the turn. */
  readonly left = 1;
  /** Address of the memory of the last in line of the harts that take turns; `NO_HART` if one runs alone. */
  readonly last = 2;
  /** Cycles left behind the turn. */
  readonly reserve = this.code.local('i32');
  /** Entry of the instruction. */
  readonly entry = this.code.local('i32');
  /** What is done for it. */
  readonly op = this.code.local('i32');
  /** Entry of the last instruction that did not come in line; what it met is in the hart's memory. */
  readonly arrived = this.code.local('i32');
  /** What the last two instructions in line left (`trail.ts`). */
  readonly trail = this.code.local('i32');
  /** A filter table. */
  readonly table = this.code.local('i32');
  /** Why the loop ends (`Exit`). */
  readonly reason = this.code.local('i32');
  /** Address of something that is looked up. */
  readonly slot = this.code.local('i32');
  /** How often the entry was jumped to, or which region begins there. */
  readonly heat = this.code.local('i32');
  /** Jumps that are not counted before one is. */
  readonly uncounted = this.code.local('i32');
  /** Cycles of the instruction on top of issue. */
  readonly extra = this.code.local('i32');
  /** Virtual address of the page. */
  readonly page = this.code.local('i64');
  /** Address of an access. */
  readonly address = this.code.local('i64');
  /** Addresses of the half-word that ends a transfer, and of its target. */
  readonly end = this.code.local('i64');
  readonly target = this.code.local('i64');
  readonly books = {
    code: this.code,
    hart: this.hart,
    left: this.left,
  };

  readonly transfers: FrameTransfers | undefined;
  readonly #history: LookBackCode;
  /** Where caches are modelled. */
  readonly lines: LineCode | undefined;
  /** Where a core in stages says how long instructions take. */
  readonly commits: CommitCode | undefined;

  constructor(settings: InterpreterSettings, numbers: InterpreterNumbers) {
    this.settings = settings;
    this.numbers = numbers;
    const { code, hart, arrived } = this;
    const { learn } = numbers;
    const { instructionAlignment } = settings;
    this.#history = new LookBackCode({ code, hart, arrived, instructionAlignment });
    this.commits = settings.timing.inStages ? new CommitCode(this) : undefined;
    this.lines = settings.timing.hasCaches ? new LineCode(this) : undefined;
    this.transfers = settings.timing.transfers?.within({ code, hart, page: undefined, learn });
  }

  /** Takes the state over from the caller. */
  restore(): void {
    const { code } = this;
    this.loadRun('entry');
    code.tee(this.entry);
    code.set(this.arrived);
    code.get(this.hart);
    code.load('i64.load', hartStateOffsets.pc);
    // Behind the last instruction of a page its end comes next, which is still the page's.
    code.get(this.entry);
    code.load('i64.load16_u', packed.place);
    code.op('i64.sub');
    code.set(this.page);
    this.transfers?.load();
    this.commits?.begin();
  }

  /** Puts a word that is shared with the caller on the stack: what is not needed all the time stays in memory. */
  loadRun(word: keyof typeof runOffsets): void {
    this.code.get(this.hart);
    this.code.load('i32.load', runOffsets[word]);
  }

  /** Puts on the stack how many cycles are left, of this turn and behind it. */
  pushLeft(): void {
    const { code } = this;
    code.get(this.left);
    code.get(this.reserve);
    code.op('i32.add');
  }

  /** Puts where in its page the current instruction is on the stack (i32). */
  pushPlace(): void {
    this.code.get(this.entry);
    this.code.load('i32.load16_u', packed.place);
  }

  /** Puts the address of the current instruction on the stack. */
  pushPc(): void {
    const code = this.code;
    code.get(this.page);
    code.get(this.entry);
    code.load('i64.load16_u', packed.place);
    code.op('i64.add');
  }

  /** Puts the length of the instruction in bytes on the stack (i32). */
  pushLength(): void {
    const code = this.code;
    code.get(this.entry);
    code.load('i32.load16_u', packed.trail);
    code.i32(PARCELS_SHIFT);
    code.op('i32.shr_u');
    code.i32(1);
    code.op('i32.shl');
  }

  /** Goes to the next instruction in line. */
  step(): void {
    const code = this.code;
    code.get(this.entry);
    code.load('i32.load8_u', packed.nextOp);
    code.set(this.op);
    code.get(this.entry);
    code.get(this.entry);
    code.load('i32.load16_s', packed.advance);
    code.op('i32.add');
    code.set(this.entry);
  }

  /** Reads the operation of the entry. */
  loadOperation(): void {
    const code = this.code;
    code.get(this.entry);
    code.load('i32.load8_u', packed.op);
    code.set(this.op);
  }

  /** Keeps the address of the half-word that ends the instruction in `end`. */
  setEnd(): void {
    const { code } = this;
    this.pushPc();
    if (this.settings.instructionAlignment < WORD_BYTES) {
      this.pushLength();
      code.op('i64.extend_i32_u');
      code.op('i64.add');
      code.i64(BigInt(-PARCEL_BYTES));
    } else {
      code.i64(BigInt(WORD_BYTES - PARCEL_BYTES));
    }
    code.op('i64.add');
    code.set(this.end);
  }

  /** Goes to the entry of `target` in the page whose entries begin at `base`. */
  enterPage(): void {
    const code = this.code;
    const { multiple, half } = layoutShifts;
    code.get(this.target);
    code.op('i32.wrap_i64');
    code.tee(this.slot);
    code.i32(IN_PAGE - (MULTIPLE - 1));
    code.op('i32.and');
    code.i32(multiple);
    code.op('i32.shl');
    this.loadRun('base');
    code.op('i32.add');
    if (this.settings.instructionAlignment < MULTIPLE) {
      code.get(this.slot);
      code.i32(HALF_BIT);
      code.op('i32.and');
      code.i32(half);
      code.op('i32.shl');
      code.op('i32.add');
    }
    code.set(this.entry);
  }

  /** Forgets the instructions before: nothing waits for them. */
  refetch(): void {
    const code = this.code;
    code.get(this.hart);
    code.i32(0);
    code.store('i32.store', runOffsets.trail);
  }

  /** Waits for the instructions before this one; with `sign` -1 it takes such a wait back. */
  chargeStall(sign: 1 | -1 = 1): void {
    this.lookBack();
    emitStall(this.books, this.trail, this.settings.stallTable, sign);
  }

  /** An instruction that is not executed yet has waited for floating-point registers, as many cycles as a local holds. */
  noteFloatWait(cycles: number): void {
    const { code } = this;
    const waited = waitedLocal(code);
    code.get(waited);
    code.get(cycles);
    code.op('i32.add');
    code.set(waited);
  }

  /** Takes such a wait back. */
  takeBackFloatWait(): void {
    const { code, settings } = this;
    const { floats } = settings.timing;
    if (floats === undefined) return;
    const waited = waitedLocal(code);
    emitCharge(this.books, floats.leaf, () => {
      code.i32(0);
      code.get(waited);
      code.op('i32.sub');
    });
    code.i32(0);
    code.set(waited);
  }

  /** Finds what the last two instructions in line left: `trail`. */
  lookBack(): void {
    this.#history.push(this.entry);
    this.code.set(this.trail);
  }

  /** Lets the extra cycles pass on behalf of a mechanism. */
  charge(mechanism: number): void {
    const code = this.code;
    code.get(this.extra);
    code.if();
    emitCharge(this.books, mechanism, () => {
      code.get(this.extra);
    });
    code.end();
  }

  /** Ends the loop for a reason. */
  leave(out: Label, reason: Exit): void {
    const { code } = this;
    code.i32(reason);
    code.set(this.reason);
    code.branch(out);
  }

  /** Hands the state over to the caller. */
  save(): void {
    const code = this.code;
    this.transfers?.save();
    this.lookBack();
    for (const [word, local] of [
      ['entry', this.entry],
      ['trail', this.trail],
    ] as const) {
      code.get(this.hart);
      code.get(local);
      code.store('i32.store', runOffsets[word]);
    }
    code.get(this.hart);
    code.get(this.left);
    code.get(this.reserve);
    code.op('i32.add');
    code.store('i32.store', runOffsets.left);
    code.get(this.hart);
    this.pushPc();
    // No entry says where the next instruction is if its page is not known.
    code.get(this.target);
    this.loadRun('base');
    code.select();
    code.store('i64.store', hartStateOffsets.pc);
  }
}
