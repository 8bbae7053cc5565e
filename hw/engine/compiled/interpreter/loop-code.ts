import type { Code, Label } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import { FILTER_ADDEND, FILTER_ENTRY_BYTES, filterShapes } from '../line-filter-code.ts';
import { ENTRY_BYTES, Exit, FIRST_OPERATION, packed, side, Special } from '../packed-entry.ts';
import { runOffsets } from '../run-state.ts';
import { IN_PAGE, type InterpreterFrame, PAGE_MASK } from './interpreter-frame.ts';
import { OperationCode } from './operation-code.ts';

/** The loop of an interpreter: from one instruction to the next, from page to page, into regions, and out. */
export class LoopCode {
  readonly #frame: InterpreterFrame;
  readonly #operations: OperationCode;

  constructor(frame: InterpreterFrame) {
    this.#frame = frame;
    this.#operations = new OperationCode(frame);
  }

  /** The whole function. */
  function(): Code {
    const code = this.#frame.code;
    this.#frame.restore();
    const leave = code.block();
    const next = code.loop();
    code.get(this.#frame.entry);
    code.load('i32.load8_u', packed.op);
    code.set(this.#frame.op);
    const dispatch = code.loop();
    this.#emitIteration(leave, next, dispatch);
    code.end();
    code.end();
    code.end();
    this.#frame.save();
    code.get(this.#frame.reason);
    return code;
  }

  /** One instruction: dispatch, its operation, and what comes after it, from the inside to the outside. */
  #emitIteration(leave: Label, next: Label, dispatch: Label): void {
    const code = this.#frame.code;
    const entered = code.block();
    const undecoded = code.block();
    const slow = code.block();
    const pageEnd = code.block();
    const arrive = code.block();
    const taken = code.block();
    const region = code.block();
    const fall = code.block();
    this.#emitOperations({ undecoded, slow, pageEnd, region, taken, fall });
    code.end();
    this.#frame.chargeStall();
    code.get(this.#frame.previous);
    code.set(this.#frame.older);
    code.get(this.#frame.entry);
    code.tee(this.#frame.previous);
    code.get(this.#frame.entry);
    code.load('i32.load8_u', packed.advance);
    code.op('i32.add');
    code.set(this.#frame.entry);
    this.#issue(leave, next);
    code.end();
    this.#emitRegionCall(arrive, dispatch);
    code.end();
    // Taken: the target is in `target`.
    this.#frame.chargeStall();
    this.#frame.refetch();
    code.get(this.#frame.left);
    code.i32(1);
    code.op('i32.sub');
    code.set(this.#frame.left);
    code.end();
    this.#emitArrival(leave, entered);
    code.end();
    code.get(this.#frame.page);
    code.i64(BigInt(IN_PAGE + 1));
    code.op('i64.add');
    code.set(this.#frame.target);
    this.#frame.refetch();
    this.#emitLookup(leave, entered);
    code.end();
    this.#leave(leave, Exit.slow);
    code.end();
    this.#leave(leave, Exit.undecoded);
    code.end();
    this.#countHeat(leave);
    this.#continue(leave, next);
  }

  /** Goes where `target` says. */
  #emitArrival(leave: Label, entered: Label): void {
    const code = this.#frame.code;
    code.get(this.#frame.target);
    code.get(this.#frame.page);
    code.op('i64.xor');
    code.i64(BigInt(IN_PAGE + 1));
    code.op('i64.lt_u');
    code.if();
    this.#frame.enterPage();
    code.branch(entered);
    code.end();
    this.#emitLookup(leave, entered);
  }

  /** Enters the region that begins at the entry; if it gets nowhere, the instruction is executed by itself. */
  #emitRegionCall(arrive: Label, dispatch: Label): void {
    const code = this.#frame.code;
    if (this.#frame.settings.heat === undefined) {
      code.unreachable();
      return;
    }
    this.#loadSide();
    code.set(this.#frame.side);
    // A region begins with a pipeline in which nothing waits.
    for (const [local, offset] of [
      [this.#frame.previous, packed.stallOfNext],
      [this.#frame.previous, packed.stallAfterNext],
      [this.#frame.older, packed.stallAfterNext],
    ] as const) {
      code.get(local);
      code.load('i32.load8_u', offset);
    }
    code.op('i32.or');
    code.op('i32.or');
    code.op('i32.eqz');
    code.if();
    code.get(this.#frame.hart);
    code.get(this.#frame.left);
    code.get(this.#frame.page);
    code.get(this.#frame.side);
    code.i32(side.isRegion - 1);
    code.op('i32.and');
    code.i32(side.regionShift);
    code.op('i32.shr_u');
    code.callIndirect(this.#frame.numbers.region);
    code.tee(this.#frame.slot);
    code.get(this.#frame.left);
    code.op('i32.ne');
    code.if();
    code.get(this.#frame.slot);
    code.set(this.#frame.left);
    code.get(this.#frame.extraSum);
    code.get(this.#frame.hart);
    code.load('i32.load', runOffsets.extra);
    code.op('i32.add');
    code.set(this.#frame.extraSum);
    for (const [word, local] of [
      ['previous', this.#frame.previous],
      ['older', this.#frame.older],
    ] as const) {
      code.get(this.#frame.hart);
      code.load('i32.load', runOffsets[word]);
      code.set(local);
    }
    code.get(this.#frame.hart);
    code.load('i64.load', hartStateOffsets.pc);
    code.set(this.#frame.target);
    code.branch(arrive);
    code.end();
    code.end();
    code.get(this.#frame.side);
    code.i32(side.operationMask);
    code.op('i32.and');
    code.set(this.#frame.op);
    code.branch(dispatch);
  }

  #loadSide(): void {
    const code = this.#frame.code;
    const { sideWords, noEntry } = this.#frame.settings;
    code.get(this.#frame.entry);
    code.i32(noEntry);
    code.op('i32.sub');
    code.i32(Math.log2(ENTRY_BYTES / side.bytes));
    code.op('i32.shr_u');
    code.tee(this.#frame.slot);
    code.load('i32.load', sideWords);
  }

  /** Counts a jump to the entry, unless a region begins there. */
  #countHeat(leave: Label): void {
    const { heat, sideWords } = this.#frame.settings;
    if (heat === undefined) return;
    const code = this.#frame.code;
    this.#loadSide();
    code.i32(1);
    code.op('i32.add');
    code.tee(this.#frame.side);
    code.i32(0);
    code.op('i32.gt_s');
    code.if();
    code.get(this.#frame.slot);
    code.get(this.#frame.side);
    code.store('i32.store', sideWords);
    code.get(this.#frame.side);
    code.i32(heat);
    code.op('i32.eq');
    code.if();
    this.#leave(leave, Exit.hot);
    code.end();
    code.end();
  }

  #emitOperations(labels: {
    readonly undecoded: Label;
    readonly slow: Label;
    readonly pageEnd: Label;
    readonly region: Label;
    readonly taken: Label;
    readonly fall: Label;
  }): void {
    const code = this.#frame.code;
    const { operations } = this.#frame.settings.operations;
    const { undecoded, slow, pageEnd, region, taken, fall } = labels;
    const blocks = operations.map(() => code.block()).reverse();
    code.get(this.#frame.op);
    const table: Label[] = [];
    table[Special.undecoded] = undecoded;
    table[Special.slow] = slow;
    table[Special.pageEnd] = pageEnd;
    table[Special.nothing] = fall;
    table[Special.region] = region;
    for (let op = Special.region + 1; op < FIRST_OPERATION; op += 1) table[op] = slow;
    code.branchTable([...table, ...blocks], slow);
    for (const operation of operations) {
      code.end();
      this.#operations.emit(operation, slow, taken, fall);
    }
  }

  /** Finds the page of `target` among those of which the entries are known. */
  #emitLookup(leave: Label, entered: Label): void {
    const code = this.#frame.code;
    const { shift, entries } = filterShapes.fetch;
    code.get(this.#frame.target);
    code.i64(PAGE_MASK);
    code.op('i64.and');
    code.set(this.#frame.page);
    code.get(this.#frame.target);
    code.op('i32.wrap_i64');
    code.i32(shift - Math.log2(FILTER_ENTRY_BYTES));
    code.op('i32.shr_u');
    code.i32((entries - 1) * FILTER_ENTRY_BYTES);
    code.op('i32.and');
    code.get(this.#frame.hart);
    code.load('i32.load', runOffsets.fetchTable);
    code.op('i32.add');
    code.tee(this.#frame.slot);
    code.load('i64.load');
    code.get(this.#frame.page);
    code.op('i64.eq');
    code.if();
    code.get(this.#frame.slot);
    code.load('i32.load', FILTER_ADDEND);
    code.set(this.#frame.base);
    this.#frame.enterPage();
    code.branch(entered);
    code.end();
    code.i32(0);
    code.set(this.#frame.base);
    this.#frame.enterPage();
    this.#leave(leave, Exit.fetch);
  }

  #issue(leave: Label, next: Label): void {
    const code = this.#frame.code;
    code.get(this.#frame.left);
    code.i32(1);
    code.op('i32.sub');
    code.set(this.#frame.left);
    this.#continue(leave, next);
  }

  #continue(leave: Label, next: Label): void {
    const code = this.#frame.code;
    code.get(this.#frame.left);
    code.i32(0);
    code.op('i32.gt_s');
    code.branchIf(next);
    this.#leave(leave, Exit.limit);
  }

  #leave(leave: Label, reason: Exit): void {
    const code = this.#frame.code;
    code.i32(reason);
    code.set(this.#frame.reason);
    code.branch(leave);
  }
}
