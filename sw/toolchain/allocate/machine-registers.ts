import { registers, type Register } from '../assembly/register.ts';

const { a0, a1, a2, a3, a4, a5, a6, a7 } = registers;
const { t0, t1, t2, t3, t4, t5, t6 } = registers;
const { s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11 } = registers;

/** Registers of the first eight arguments (riscv-elf-psabi LP64). */
export const argumentRegisters: readonly Register[] = [a0, a1, a2, a3, a4, a5, a6, a7];

/** Registers that a callee preserves. */
export const savedRegisters: readonly Register[] = [
  ...[s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11],
];

/** Registers that a callee may change, those that arguments want last. */
export const temporaryRegisters: readonly Register[] = [
  ...[t3, t4, t2, t1, t0, a7, a6, a5, a4, a3, a2, a1, a0],
];

/** Kept out of allocation: for spilled operands, cycles of moves and long branches. */
export const scratchRegisters = { first: t6, second: t5 } as const;
