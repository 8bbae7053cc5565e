import type { Code, Label } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import {
  FILTER_ADDEND,
  FILTER_ENTRY_BYTES,
  FILTER_FETCHED,
  filterShapes,
} from '../line-filter-code.ts';
import { Exit, FIRST_OPERATION, packed, Special } from '../packed-entry.ts';
import { NO_HART, runOffsets } from '../run-state.ts';
import { NEXT_WAITS } from '../trail.ts';
import { IN_PAGE, type InterpreterFrame, PAGE_MASK } from './interpreter-frame.ts';
import { OperationCode } from './operation-code.ts';
import { RegionEntryCode } from './region-entry-code.ts';
import { TurnCode } from './turn-code.ts';

/** Where an instruction can lead. */
interface IterationLabels {
  /** Out, the reason being set. */
  readonly leave: Label;
  /** The cycles of the turn are used up. */
  readonly limit: Label;
  readonly next: Label;
}

/** The loop of an interpreter: from one instruction to the next, from page to page, into regions, and out. */
export class LoopCode {
  readonly #frame: InterpreterFrame;
  readonly #operations: OperationCode;
  readonly #regions: RegionEntryCode;
  readonly #turns: TurnCode;

  constructor(frame: InterpreterFrame) {
    this.#frame = frame;
    this.#operations = new OperationCode(frame);
    this.#regions = new RegionEntryCode(frame);
    this.#turns = new TurnCode(frame);
  }

  /** The whole function. */
  function(): Code {
    const { code, hart, reason } = this.#frame;
    const done = code.block();
    const leave = code.block();
    const turn = code.loop();
    this.#pushIsTeam();
    code.if();
    this.#turns.begin(done);
    code.end();
    this.#frame.restore();
    const limit = code.block();
    this.#frame.loadOperation();
    this.#regions.chooseIfAny();
    this.#frame.lines?.chooseIfAbsent();
    this.#waitFirst();
    const next = code.loop();
    this.#emitIteration({ leave, limit, next });
    code.end();
    code.end();
    code.i32(Exit.limit);
    code.set(reason);
    this.#pushIsTeam();
    code.op('i32.eqz');
    code.branchIf(leave);
    this.#frame.save();
    this.#turns.requeue();
    code.branch(turn);
    code.end();
    code.end();
    this.#frame.save();
    code.end();
    code.get(hart);
    code.get(reason);
    code.op('i32.add');
    return code;
  }

  /** Puts on the stack whether harts take turns. */
  #pushIsTeam(): void {
    const { code, last } = this.#frame;
    code.get(last);
    code.i32(NO_HART);
    code.op('i32.ne');
  }

  /** One instruction: dispatch, its operation, and what comes after it, from the inside to the outside. */
  #emitIteration({ leave, limit, next }: IterationLabels): void {
    const code = this.#frame.code;
    const entered = code.block();
    const undecoded = code.block();
    const slow = code.block();
    const undone = code.block();
    const elsewhere = code.block();
    const pageEnd = code.block();
    const transition = code.block();
    const arrive = code.block();
    const taken = code.block();
    const region = code.block();
    const wait = code.block();
    const line = code.block();
    const fall = code.block();
    this.#emitOperations({
      undecoded,
      slow,
      undone,
      pageEnd,
      transition,
      region,
      wait,
      line,
      taken,
      fall,
      limit,
    });
    code.end();
    const { commits } = this.#frame;
    commits?.inLine();
    this.#frame.step();
    if (commits === undefined) this.#issue(limit, next);
    else this.#continue(limit, next);
    code.end();
    this.#frame.lines?.fetch();
    code.end();
    this.#frame.chargeStall();
    this.#frame.loadOperation();
    code.branch(next);
    code.end();
    this.#aside(() => {
      this.#regions.emitCall(arrive, next);
    });
    code.end();
    // Taken: the target is in `target`.
    this.#frame.refetch();
    if (commits === undefined) this.#countDown();
    else commits.elsewhere();
    code.end();
    this.#emitArrival(leave, entered);
    code.end();
    const emitTransition = (): void => {
      this.#emitTransition(slow);
      code.branch(elsewhere);
    };
    // Where everything else that is hot is translated, traps are what the loop is for.
    if (this.#frame.settings.heat === undefined) this.#aside(emitTransition);
    else emitTransition();
    code.end();
    code.get(this.#frame.page);
    code.i64(BigInt(IN_PAGE + 1));
    code.op('i64.add');
    code.set(this.#frame.target);
    this.#frame.refetch();
    code.end();
    this.#emitLookup(leave, entered);
    code.end();
    // The instruction has waited, but somebody else executes it.
    this.#frame.chargeStall(-1);
    this.#frame.takeBackFloatWait();
    code.end();
    this.#frame.leave(leave, Exit.slow);
    code.end();
    this.#frame.leave(leave, Exit.undecoded);
    code.end();
    code.get(this.#frame.entry);
    code.set(this.#frame.arrived);
    this.#frame.loadOperation();
    this.#frame.lines?.arrive(next);
    this.#regions.countHeat(leave);
    this.#waitFirst();
    this.#continue(limit, next);
  }

  /** Code with a call in it: V8 keeps variables in registers around calls only if it takes those for unlikely. */
  #aside(emitCode: () => void): void {
    const { code, entry } = this.#frame;
    code.get(entry);
    code.unlikely();
    code.if();
    emitCode();
    code.end();
    code.unreachable();
  }

  /** Lets an instruction that did not come in line wait for those that somebody else executed before it. */
  #waitFirst(): void {
    const { code, op } = this.#frame;
    this.#frame.loadRun('trail');
    code.i32(NEXT_WAITS);
    code.op('i32.and');
    code.unlikely();
    code.if();
    code.i32(Special.wait);
    code.get(op);
    code.get(op);
    code.i32(FIRST_OPERATION);
    code.op('i32.ge_u');
    code.get(op);
    code.i32(Special.nothing);
    code.op('i32.eq');
    code.op('i32.or');
    code.get(op);
    code.i32(Special.region);
    code.op('i32.eq');
    code.op('i32.or');
    code.select();
    code.set(op);
    code.end();
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

  /** Traps or returns from a trap; `target` is in another address space then. */
  #emitTransition(slow: Label): void {
    const { code, hart, left, reserve, entry, trail, slot, target, numbers } = this.#frame;
    this.#frame.lookBack();
    code.get(hart);
    code.get(left);
    code.get(reserve);
    code.op('i32.add');
    code.get(trail);
    this.#frame.pushPc();
    code.get(entry);
    code.load('i32.load8_u', packed.transition);
    code.call(numbers.transition);
    code.tee(slot);
    code.op('i32.eqz');
    code.branchIf(slow);
    code.get(left);
    code.get(slot);
    code.op('i32.sub');
    code.set(left);
    this.#frame.refetch();
    code.get(hart);
    code.load('i64.load', hartStateOffsets.pc);
    code.set(target);
  }

  #emitOperations(ways: {
    readonly undecoded: Label;
    readonly slow: Label;
    readonly undone: Label;
    readonly pageEnd: Label;
    readonly transition: Label;
    readonly region: Label;
    readonly wait: Label;
    readonly line: Label;
    readonly taken: Label;
    readonly fall: Label;
    readonly limit: Label;
  }): void {
    const code = this.#frame.code;
    const { operations, pairs } = this.#frame.settings.operations;
    const { undecoded, slow, undone, pageEnd, transition, region } = ways;
    const { wait, line, taken, fall, limit } = ways;
    // A pair goes on to the second one's operation, which therefore comes later.
    const singles = operations.map(() => code.block()).reverse();
    const labels = new Map(operations.map((operation, index) => [operation, singles[index]]));
    const doubles = pairs.map(() => code.block()).reverse();
    code.get(this.#frame.op);
    const table: Label[] = [];
    table[Special.undecoded] = undecoded;
    table[Special.slow] = slow;
    table[Special.pageEnd] = pageEnd;
    table[Special.nothing] = fall;
    table[Special.region] = region;
    table[Special.transition] = transition;
    table[Special.wait] = wait;
    table[Special.line] = line;
    for (let op = Special.line + 1; op < FIRST_OPERATION; op += 1) table[op] = slow;
    code.branchTable([...table, ...singles, ...doubles], slow);
    for (const { first, second } of pairs) {
      code.end();
      this.#operations.emitInLine(first, undone);
      this.#goOn(limit);
      code.branch(labels.get(second) ?? slow);
    }
    for (const operation of operations) {
      code.end();
      this.#operations.emit(operation, undone, taken, fall);
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
    code.get(this.#frame.hart);
    code.get(this.#frame.slot);
    code.load('i32.load', FILTER_ADDEND);
    code.store('i32.store', runOffsets.base);
    if (this.#frame.lines !== undefined) {
      code.get(this.#frame.hart);
      code.get(this.#frame.slot);
      code.load('i32.load', FILTER_FETCHED);
      code.store('i32.store', runOffsets.fetched);
    }
    this.#frame.enterPage();
    code.branch(entered);
    code.end();
    code.get(this.#frame.hart);
    code.i32(0);
    code.tee(this.#frame.entry);
    code.tee(this.#frame.arrived);
    code.store('i32.store', runOffsets.base);
    this.#frame.leave(leave, Exit.fetch);
  }

  #issue(limit: Label, next: Label): void {
    this.#countDown();
    this.#continue(limit, next);
  }

  /** Goes to the second instruction of a pair, unless the cycles of the turn are used up. */
  #goOn(limit: Label): void {
    const { code, left } = this.#frame;
    this.#frame.step();
    this.#countDown();
    code.get(left);
    code.i32(0);
    code.op('i32.le_s');
    code.unlikely();
    code.branchIf(limit);
  }

  /** Counts the cycle in which an instruction issues. */
  #countDown(): void {
    const { code, left } = this.#frame;
    code.get(left);
    code.i32(1);
    code.op('i32.sub');
    code.set(left);
  }

  #continue(limit: Label, next: Label): void {
    const code = this.#frame.code;
    code.get(this.#frame.left);
    code.i32(0);
    code.op('i32.gt_s');
    code.branchIf(next);
    code.branch(limit);
  }
}
