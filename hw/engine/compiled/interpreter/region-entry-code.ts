import type { Label } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import { Exit, isRegion, packed, Special } from '../packed-entry.ts';
import { runOffsets } from '../run-state.ts';
import { ANY_WAITS } from '../trail.ts';
import type { InterpreterFrame } from './interpreter-frame.ts';

/** Cycles that a region is worth entering for. */
const LEAST_REGION = 16;

/** Of how many jumps one is counted, where code is hot after so many: enough to tell hot from cold. */
function jumpsCounted(heat: number): number {
  return heat < 64 ? 1 : 8;
}

/** How an interpreter counts jumps, and enters what was translated where it jumps to: regions, or paths of a core in stages. */
export class RegionEntryCode {
  readonly #frame: InterpreterFrame;

  constructor(frame: InterpreterFrame) {
    this.#frame = frame;
  }

  /** Enters the region that begins at the entry; if it gets nowhere, the instruction is executed by itself. */
  emitCall(arrive: Label, next: Label): void {
    const code = this.#frame.code;
    if (this.#frame.settings.heat === undefined) {
      code.unreachable();
      return;
    }
    if (this.#frame.commits !== undefined) {
      this.#emitPathCall(arrive, next);
      return;
    }
    // A region begins with a pipeline in which nothing waits.
    this.#frame.loadRun('trail');
    code.i32(ANY_WAITS);
    code.op('i32.and');
    code.op('i32.eqz');
    code.if();
    this.#frame.transfers?.save();
    if (this.#frame.lines !== undefined) {
      code.get(this.#frame.hart);
      code.get(this.#frame.reserve);
      code.store('i32.store', runOffsets.reserve);
    }
    code.get(this.#frame.hart);
    code.get(this.#frame.left);
    code.get(this.#frame.page);
    code.get(this.#frame.heat);
    code.i32(isRegion - 1);
    code.op('i32.and');
    code.callIndirect(this.#frame.numbers.region);
    code.set(this.#frame.slot);
    this.#frame.transfers?.load();
    code.get(this.#frame.slot);
    code.get(this.#frame.left);
    code.op('i32.ne');
    code.if();
    code.get(this.#frame.slot);
    code.set(this.#frame.left);
    code.get(this.#frame.hart);
    code.load('i64.load', hartStateOffsets.pc);
    code.set(this.#frame.target);
    code.branch(arrive);
    code.end();
    code.end();
    this.#frame.loadOperation();
    code.branch(next);
  }

  /** The same with a function that was translated from paths of a core in stages. */
  #emitPathCall(arrive: Label, next: Label): void {
    const { code, hart, left, slot, heat, target, numbers } = this.#frame;
    code.get(hart);
    code.get(left);
    this.#frame.pushPc();
    code.get(heat);
    code.i32(1);
    code.op('i32.sub');
    code.callIndirect(numbers.region);
    code.tee(slot);
    code.get(left);
    code.op('i32.ne');
    code.if();
    code.get(slot);
    code.set(left);
    code.get(hart);
    code.load('i64.load', hartStateOffsets.pc);
    code.set(target);
    code.branch(arrive);
    code.end();
    this.#frame.loadOperation();
    code.branch(next);
  }

  /** Enters the translated paths that begin where the core in stages is, or has them translated. */
  #countArrival(leave: Label): void {
    const { code, hart, left, op, heat, numbers } = this.#frame;
    code.get(left);
    code.i32(LEAST_REGION);
    code.op('i32.ge_s');
    code.if();
    code.get(hart);
    code.call(numbers.arrival);
    code.tee(heat);
    code.if();
    code.get(heat);
    code.i32(0);
    code.op('i32.lt_s');
    code.if();
    this.#frame.leave(leave, Exit.hot);
    code.end();
    code.i32(Special.region);
    code.set(op);
    code.end();
    code.end();
  }

  /** Puts in front of the operation of the entry that of the region that begins there, if one does. */
  chooseIfAny(): void {
    const code = this.#frame.code;
    if (this.#frame.settings.heat === undefined || this.#frame.commits !== undefined) return;
    this.#loadHeat();
    code.i32(isRegion);
    code.op('i32.and');
    code.if();
    this.#choose();
    code.end();
  }

  #loadHeat(): void {
    const code = this.#frame.code;
    code.get(this.#frame.entry);
    code.load('i32.load16_u', packed.heat);
    code.tee(this.#frame.heat);
  }

  /** A turn of a few cycles is over before a region has begun. */
  #choose(): void {
    const { code, left, op } = this.#frame;
    code.get(left);
    code.i32(LEAST_REGION);
    code.op('i32.ge_s');
    code.if();
    code.i32(Special.region);
    code.set(op);
    code.end();
  }

  /** Counts a jump to the entry, or enters the region that begins there. */
  countHeat(leave: Label): void {
    const { heat } = this.#frame.settings;
    if (heat === undefined) return;
    if (this.#frame.commits !== undefined) {
      this.#countArrival(leave);
      return;
    }
    const code = this.#frame.code;
    this.#loadHeat();
    code.i32(isRegion);
    code.op('i32.lt_u');
    code.if();
    this.#countJump(heat, leave);
    code.else();
    this.#choose();
    code.end();
  }

  /** Counts one jump in `step` for all of them: a count that is written makes a line of the host's cache dirty. */
  #countJump(heat: number, leave: Label): void {
    const { code, entry, heat: count, uncounted } = this.#frame;
    const step = jumpsCounted(heat);
    if (step > 1) {
      code.get(uncounted);
      code.i32(1);
      code.op('i32.sub');
      code.tee(uncounted);
      code.i32(0);
      code.op('i32.lt_s');
      code.unlikely();
      code.if();
      code.i32(step - 1);
      code.set(uncounted);
    }
    code.get(entry);
    code.get(count);
    code.i32(1);
    code.op('i32.add');
    code.tee(count);
    code.store('i32.store16', packed.heat);
    code.get(count);
    code.i32(Math.ceil(heat / step));
    code.op('i32.eq');
    code.if();
    this.#frame.leave(leave, Exit.hot);
    code.end();
    if (step > 1) code.end();
  }
}
