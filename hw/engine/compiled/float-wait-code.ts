import type { Instruction } from '../../isa/index.ts';
import type { Code } from '../../wasm/index.ts';
import { type EffectSite, emit } from './effect-emitter.ts';
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
  /** Puts an address (i32) on the stack; the word of an operand's register is as many bytes behind it as it yields. */
  readonly registerBase: (operand: FloatOperand) => number;
  /** Lets as many cycles pass as a local holds. */
  readonly pass: (cycles: number) => void;
}

/** What an instruction may have to wait for. */
export interface AwaitedFloats {
  readonly operands: readonly FloatOperand[];
  readonly unit: boolean;
}

/** All that an instruction waits for if nothing is known of those before it. */
export function everyFloat(waits: FloatWaits, instruction: Instruction): AwaitedFloats {
  const operands = waits.operandsOf(instruction);
  return { operands, unit: operands.length > 0 };
}

/** What of it is meant: the wait, which may come before the instruction is executed, the note for those that follow, or both. */
export type FloatWaitPart = 'wait' | 'note' | 'both';

/** Local for the cycles that an instruction has waited which is not executed yet; 0 where there is none. */
export function waitedLocal(code: Code): number {
  return code.scratch('float.waited', 'i32');
}

function gapLocal(code: Code): number {
  return code.scratch('float.gap', 'i32');
}

/** Finds how long users of a division's result will wait, before it is executed. */
export function emitDivisionGap(
  site: EffectSite,
  waits: FloatWaits,
  instruction: Instruction,
): void {
  const gap = waits.divisionGapOf(instruction);
  if (gap === undefined) return;
  emit(site, gap);
  site.code.set(gapLocal(site.code));
}

/**
 * Waits for what an instruction needs that may not be there yet, and notes when its own result will be. It issues when all that
 * it waits for otherwise is over.
 */
export function emitFloatWait(
  site: FloatWaitSite,
  waits: FloatWaits,
  instruction: Instruction,
  awaited: AwaitedFloats,
  part: FloatWaitPart = 'both',
): void {
  const { code, hart, left, pending } = site;
  const gap = waits.gapOf(instruction);
  const divides = waits.divisionGapOf(instruction) !== undefined;
  const isWaitedFor = part !== 'wait' && (divides || gap > 1);
  const waitsForOne = part !== 'note' && awaited.operands.length > 0;
  const waitsForUnit = part !== 'note' && awaited.unit;
  if (!waitsForOne && !waitsForUnit && !isWaitedFor) return;
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
  if (waitsForOne) emitWait(site, waits, awaited.operands, now);
  if (waitsForUnit) emitUnitWait(site, waits, now);
  if (!isWaitedFor) return;
  const offset = site.registerBase('frd');
  code.get(now);
  if (divides) code.get(gapLocal(code));
  else code.i32(gap);
  code.op('i32.add');
  code.store('i32.store', waits.offset + offset);
  if (!divides) return;
  code.get(hart);
  code.get(now);
  code.get(gapLocal(code));
  code.op('i32.add');
  code.i32(waits.unit.lead);
  code.op('i32.sub');
  code.store('i32.store', waits.unit.offset);
}

function emitWait(
  site: FloatWaitSite,
  waits: FloatWaits,
  operands: readonly FloatOperand[],
  now: number,
): void {
  const { code } = site;
  const longest = code.scratch('float.wait', 'i32');
  const other = code.scratch('float.other', 'i32');
  for (const [index, operand] of operands.entries()) {
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
  emitPass(site, waits, longest, now);
}

/** An instruction that the unit refuses comes again, until it does not. */
function emitUnitWait(site: FloatWaitSite, waits: FloatWaits, now: number): void {
  const { code, hart } = site;
  const { offset, retry } = waits.unit;
  const wait = code.scratch('float.wait', 'i32');
  code.get(hart);
  code.load('i32.load', offset);
  code.get(now);
  code.op('i32.sub');
  code.set(wait);
  emitPass(site, waits, wait, now, () => {
    code.get(wait);
    code.i32(retry - 1);
    code.op('i32.add');
    code.i32(retry);
    code.op('i32.div_u');
    code.i32(retry);
    code.op('i32.mul');
    code.set(wait);
  });
}

/** Lets a wait pass if it is one. */
function emitPass(
  { code, pass }: FloatWaitSite,
  { most }: FloatWaits,
  wait: number,
  now: number,
  adjust?: () => void,
): void {
  code.get(wait);
  code.i32(1);
  code.op('i32.sub');
  code.i32(most);
  code.op('i32.lt_u');
  code.if();
  adjust?.();
  pass(wait);
  code.get(now);
  code.get(wait);
  code.op('i32.add');
  code.set(now);
  code.end();
}
