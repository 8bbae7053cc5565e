import { type Decoded, fieldNamed, type Instruction } from '../isa/index.ts';
import { floatUse } from './float-latency.ts';
import type { TimingParameters } from './parameters.ts';

/** The fields of an instruction that name floating-point registers. */
export type FloatOperand = 'frs1' | 'frs2' | 'frs3' | 'frd';

const operands = ['frs1', 'frs2', 'frs3', 'frd'] as const satisfies readonly FloatOperand[];
const REGISTERS = 32;
const WORD_BYTES = 4;
/** The word of the iterative unit comes behind those of the registers. */
const UNIT = REGISTERS;
/** Where it is. */
export const FLOAT_UNIT_OFFSET = WORD_BYTES * UNIT;
/** Bytes of a hart's memory that say when its floating-point registers and the iterative unit can be used. */
export const FLOAT_STATE_BYTES = 144;
/** The iterative unit takes others so many cycles before users of its result (`FPU.scala`: they are refused in the memory stage, and users read in decode). */
export const UNIT_LEAD = 3;

/** Those of the fields that an instruction has. */
export function floatOperandsOf({ encoding }: Instruction): readonly FloatOperand[] {
  return operands.filter((name) => fieldNamed(encoding, name) !== undefined);
}

/** The floating-point registers that an instruction reads, or writes, each of which it waits for. */
export function floatRegistersOf(decoded: Decoded): readonly number[] {
  const named = floatOperandsOf(decoded.instruction).map((operand) => decoded[operand]);
  return [...new Set(named)];
}

/** The gap from an instruction that leaves a result in a floating-point register to a user of it; 0 of any other. */
export function floatResultGap(parameters: TimingParameters, instruction: Instruction): number {
  const { encoding, timing } = instruction;
  if (fieldNamed(encoding, 'frd') === undefined) return 0;
  return timing === 'load' ? parameters.floatLoadUse : (floatUse(parameters, timing) ?? 0);
}

/** The most cycles that an instruction waits for floating-point registers if nothing was divided, and if something was. */
export function mostFloatWaits(parameters: TimingParameters): {
  readonly pipelined: number;
  readonly divided: number;
} {
  const { floatLoadUse, floatSingleUse, floatDoubleUse, floatMoveUse } = parameters;
  const pipelined = Math.max(floatLoadUse, floatSingleUse, floatDoubleUse, floatMoveUse) - 1;
  const { floatDivideSingle, floatDivideDouble, floatSquareRootSingle, floatSquareRootDouble } =
    parameters;
  const longest = Math.max(
    ...[floatDivideSingle, floatDivideDouble, floatSquareRootSingle, floatSquareRootDouble],
    parameters.floatDivideSpecial,
  );
  const { floatDivideShift, floatUnitRetry } = parameters;
  return {
    pipelined,
    divided: Math.max(pipelined, longest - 1 + floatDivideShift + floatUnitRetry),
  };
}

/**
 * When the results of floating-point instructions can be used, and the iterative unit. It is state of the hart, which outlives branches and
 * traps: words that hold the low half of the cycle from which on its users may issue.
 */
export class FloatRegisters {
  readonly #ready: Uint32Array;
  readonly #most: number;
  readonly #retry: number;

  constructor(parameters: TimingParameters, buffer: ArrayBuffer, offset: number) {
    this.#ready = new Uint32Array(buffer, offset, UNIT + 1);
    this.#most = mostFloatWaits(parameters).divided;
    this.#retry = parameters.floatUnitRetry;
  }

  /** Nothing is on its way. */
  reset(): void {
    this.#ready.fill(0);
  }

  /**
   * How long an instruction that could issue in a cycle waits for registers, and then for the unit, which refuses it in turn. What came
   * long ago counts as there, wherever the halves have gone.
   */
  wait(registers: readonly number[], cycle: number): number {
    let longest = 0;
    for (const register of registers) {
      longest = Math.max(longest, this.#until(register, cycle));
    }
    const wait = longest > this.#most ? 0 : longest;
    const busy = this.#until(UNIT, cycle + wait);
    if (busy <= 0 || busy > this.#most) return wait;
    return wait + Math.ceil(busy / this.#retry) * this.#retry;
  }

  /** An instruction that issued in a cycle writes a register; its users come so many cycles later. */
  write(register: number, cycle: number, gap: number): void {
    if (gap > 1) this.#ready[register] = cycle + gap;
  }

  /** The same of the iterative unit. */
  divide(register: number, cycle: number, gap: number): void {
    if (this.#most === 0) return;
    this.#ready[register] = cycle + gap;
    this.#ready[UNIT] = cycle + gap - UNIT_LEAD;
  }

  #until(word: number, cycle: number): number {
    return ((this.#ready[word] ?? 0) - cycle) | 0;
  }
}
