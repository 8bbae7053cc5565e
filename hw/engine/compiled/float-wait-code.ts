import type { Instruction } from '../../isa/index.ts';
import type { Code } from '../../wasm/index.ts';
import type { FloatOperand, FloatWaits } from './engine-timing.ts';
import { runOffsets } from './run-state.ts';

/** Where an instruction waits for floating-point registers: the function under construction and its locals, all i32. */
export interface FloatWaitSite {
  readonly code: Code;
  /** Address of the hart's memory. */
  readonly hart: number;
  /** Cycles left of the turn. */
  readonly left: number;
  /** Cycles that have passed and are not taken from them yet. */
  readonly pending: number;
  /** Puts an address (i32) on the stack; the word of an operand's register is `offset` bytes behind it. */
  readonly registerBase: (operand: FloatOperand) => number;
  /** Lets as many cycles pass as a local holds. */
  readonly pass: (cycles: number) => void;
}

/**
 * Waits for those of an instruction's registers that may not be there yet, and notes when its own result will be. It issues
 * when all that it waits for otherwise is over.
 */
export function emitFloatWait(
  site: FloatWaitSite,
  waits: FloatWaits,
  instruction: Instruction,
  awaited: readonly FloatOperand[],
): void {
  const { code, hart, left, pending } = site;
  const gap = waits.gapOf(instruction);
  if (awaited.length === 0 && gap <= 1) return;
  const now = code.scratch('float.now', 'i32');
  code.get(hart);
  code.load('i32.load', runOffsets.end);
  code.get(left);
  code.op('i32.sub');
  if (pending > 0) {
    code.i32(pending);
    code.op('i32.add');
  }
  code.set(now);
  if (awaited.length > 0) emitWait(site, waits, awaited, now);
  if (gap <= 1) return;
  const offset = site.registerBase('frd');
  code.get(now);
  code.i32(gap);
  code.op('i32.add');
  code.store('i32.store', waits.offset + offset);
}

function emitWait(
  site: FloatWaitSite,
  waits: FloatWaits,
  awaited: readonly FloatOperand[],
  now: number,
): void {
  const { code } = site;
  const longest = code.scratch('float.wait', 'i32');
  const other = code.scratch('float.other', 'i32');
  for (const [index, operand] of awaited.entries()) {
    const offset = site.registerBase(operand);
    code.load('i32.load', waits.offset + offset);
    code.get(now);
    code.op('i32.sub');
    if (index > 0) {
      code.tee(other);
      code.get(longest);
      code.get(other);
      code.get(longest);
      code.op('i32.gt_s');
      code.select();
    }
    code.set(longest);
  }
  code.get(longest);
  code.i32(1);
  code.op('i32.sub');
  code.i32(waits.most);
  code.op('i32.lt_u');
  code.if();
  site.pass(longest);
  code.get(now);
  code.get(longest);
  code.op('i32.add');
  code.set(now);
  code.end();
}
