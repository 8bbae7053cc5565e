import { i64, write, type I64 } from '../semantics/index.ts';
import { defineInstruction } from './instruction.ts';

const register = {
  extension: 'zba',
  syntax: 'rd, rs1, rs2',
  timing: 'integer',
  spec: 'unpriv 28.4.1',
} as const;

const unsignedWord = (value: I64): I64 => i64.and(value, i64.const(0xffff_ffffn));
const scaled = (index: I64, shift: bigint, base: I64): I64 =>
  i64.add(base, i64.shl(index, i64.const(shift)));

/** An index, scaled or taken as an unsigned word, added to a base. */
export const addressGenerationInstructions = [
  defineInstruction({
    ...register,
    name: 'add.uw',
    encoding: '0000100 rs2 rs1 000 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.add(rs2, unsignedWord(rs1)))],
  }),
  defineInstruction({
    ...register,
    name: 'sh1add',
    encoding: '0010000 rs2 rs1 010 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, scaled(rs1, 1n, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'sh2add',
    encoding: '0010000 rs2 rs1 100 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, scaled(rs1, 2n, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'sh3add',
    encoding: '0010000 rs2 rs1 110 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, scaled(rs1, 3n, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'sh1add.uw',
    encoding: '0010000 rs2 rs1 010 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, scaled(unsignedWord(rs1), 1n, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'sh2add.uw',
    encoding: '0010000 rs2 rs1 100 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, scaled(unsignedWord(rs1), 2n, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'sh3add.uw',
    encoding: '0010000 rs2 rs1 110 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, scaled(unsignedWord(rs1), 3n, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'slli.uw',
    encoding: '000010 shamt[5:0] rs1 001 rd 0011011',
    syntax: 'rd, rs1, shamt',
    semantics: ({ rd, rs1, shamt }) => [write(rd, i64.shl(unsignedWord(rs1), shamt))],
  }),
] as const;
