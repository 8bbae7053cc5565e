import { Cause } from '../cause.ts';
import { branch, i64, jump, perform, trap, write } from '../semantics/index.ts';
import { defineInstruction } from './instruction.ts';

const conditional = {
  extension: 'i',
  syntax: 'rs1, rs2, target',
  timing: 'branch',
  spec: 'unpriv 2.5.2',
} as const;

/** Conditional branches. */
export const branchInstructions = [
  defineInstruction({
    ...conditional,
    name: 'beq',
    encoding: 'imm[12|10:5] rs2 rs1 000 imm[4:1|11] 1100011',
    semantics: ({ rs1, rs2, imm, pc }) => [branch(i64.eq(rs1, rs2), i64.add(pc, imm))],
  }),
  defineInstruction({
    ...conditional,
    name: 'bne',
    encoding: 'imm[12|10:5] rs2 rs1 001 imm[4:1|11] 1100011',
    semantics: ({ rs1, rs2, imm, pc }) => [branch(i64.ne(rs1, rs2), i64.add(pc, imm))],
  }),
  defineInstruction({
    ...conditional,
    name: 'blt',
    encoding: 'imm[12|10:5] rs2 rs1 100 imm[4:1|11] 1100011',
    semantics: ({ rs1, rs2, imm, pc }) => [branch(i64.lt_s(rs1, rs2), i64.add(pc, imm))],
  }),
  defineInstruction({
    ...conditional,
    name: 'bge',
    encoding: 'imm[12|10:5] rs2 rs1 101 imm[4:1|11] 1100011',
    semantics: ({ rs1, rs2, imm, pc }) => [branch(i64.ge_s(rs1, rs2), i64.add(pc, imm))],
  }),
  defineInstruction({
    ...conditional,
    name: 'bltu',
    encoding: 'imm[12|10:5] rs2 rs1 110 imm[4:1|11] 1100011',
    semantics: ({ rs1, rs2, imm, pc }) => [branch(i64.lt_u(rs1, rs2), i64.add(pc, imm))],
  }),
  defineInstruction({
    ...conditional,
    name: 'bgeu',
    encoding: 'imm[12|10:5] rs2 rs1 111 imm[4:1|11] 1100011',
    semantics: ({ rs1, rs2, imm, pc }) => [branch(i64.ge_u(rs1, rs2), i64.add(pc, imm))],
  }),
] as const;

/** Unconditional jumps, and the two instructions that request a trap. */
export const jumpInstructions = [
  defineInstruction({
    name: 'jal',
    extension: 'i',
    encoding: 'imm[20|10:1|11|19:12] rd 1101111',
    syntax: 'rd, target',
    timing: 'jump',
    semantics: ({ rd, imm, pc, nextPc }) => [jump(i64.add(pc, imm)), write(rd, nextPc)],
    spec: 'unpriv 2.5.1',
  }),
  defineInstruction({
    name: 'jalr',
    extension: 'i',
    encoding: 'imm[11:0] rs1 000 rd 1100111',
    syntax: 'rd, imm(rs1)',
    timing: 'jumpRegister',
    semantics: ({ rd, rs1, imm, nextPc }) => [
      jump(i64.and(i64.add(rs1, imm), i64.const(-2n))),
      write(rd, nextPc),
    ],
    spec: 'unpriv 2.5.1',
  }),
  defineInstruction({
    name: 'ecall',
    extension: 'i',
    encoding: '000000000000 00000 000 00000 1110011',
    syntax: '',
    timing: 'environment',
    semantics: () => [perform('ecall')],
    spec: 'priv 3.3.1',
  }),
  defineInstruction({
    name: 'ebreak',
    extension: 'i',
    encoding: '000000000001 00000 000 00000 1110011',
    syntax: '',
    timing: 'environment',
    semantics: ({ pc }) => [trap(Cause.breakpoint, pc)],
    spec: 'priv 3.3.1',
  }),
] as const;
