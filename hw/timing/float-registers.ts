import { type Decoded, fieldNamed, type Instruction } from '../isa/index.ts';
import { floatUse } from './float-latency.ts';
import type { TimingParameters } from './parameters.ts';

/** The fields of an instruction that name floating-point registers. */
export type FloatOperand = 'frs1' | 'frs2' | 'frs3' | 'frd';

const operands = ['frs1', 'frs2', 'frs3', 'frd'] as const satisfies readonly FloatOperand[];
const REGISTERS = 32;

/** Bytes of a hart's memory that say when its floating-point registers can be used. */
export const FLOAT_REGISTER_BYTES = 4 * REGISTERS;

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

/** The most cycles that a floating-point register is waited for. */
export function mostFloatWait(parameters: TimingParameters): number {
  const { floatLoadUse, floatSingleUse, floatDoubleUse, floatMoveUse } = parameters;
  return Math.max(floatLoadUse, floatSingleUse, floatDoubleUse, floatMoveUse) - 1;
}

/**
 * When the results of floating-point instructions can be used. It is state of the hart, which outlives branches and traps:
 * a word for each register, the low half of the cycle from which on its users may issue.
 */
export class FloatRegisters {
  readonly #ready: Uint32Array;
  readonly #most: number;

  constructor(parameters: TimingParameters, buffer: ArrayBuffer, offset: number) {
    this.#ready = new Uint32Array(buffer, offset, REGISTERS);
    this.#most = mostFloatWait(parameters);
  }

  /** Nothing is on its way. */
  reset(): void {
    this.#ready.fill(0);
  }

  /** How long an instruction that could issue in a cycle waits for registers. What came long ago counts as there, wherever the halves have gone. */
  wait(registers: readonly number[], cycle: number): number {
    let longest = 0;
    for (const register of registers) {
      longest = Math.max(longest, ((this.#ready[register] ?? 0) - cycle) | 0);
    }
    return longest > this.#most ? 0 : longest;
  }

  /** An instruction that issued in a cycle writes a register; its users come so many cycles later. */
  write(register: number, cycle: number, gap: number): void {
    if (gap > 1) this.#ready[register] = cycle + gap;
  }
}
