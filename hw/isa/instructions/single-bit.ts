import { i64, write, type I64 } from '../semantics/index.ts';
import { defineInstruction } from './instruction.ts';

const register = {
  extension: 'zbs',
  syntax: 'rd, rs1, rs2',
  timing: 'integer',
  spec: 'unpriv 28.4.4',
} as const;
const immediate = { ...register, syntax: 'rd, rs1, shamt' } as const;

const ONE = i64.const(1n);
const bitAt = (index: I64): I64 => i64.shl(ONE, index);
const clear = (value: I64, index: I64): I64 =>
  i64.and(value, i64.xor(bitAt(index), i64.const(-1n)));
const extract = (value: I64, index: I64): I64 => i64.and(i64.shr_u(value, index), ONE);

/** Single bits, chosen modulo 64 by a register or an immediate. */
export const singleBitInstructions = [
  defineInstruction({
    ...register,
    name: 'bclr',
    encoding: '0100100 rs2 rs1 001 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, clear(rs1, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'bext',
    encoding: '0100100 rs2 rs1 101 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, extract(rs1, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'binv',
    encoding: '0110100 rs2 rs1 001 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.xor(rs1, bitAt(rs2)))],
  }),
  defineInstruction({
    ...register,
    name: 'bset',
    encoding: '0010100 rs2 rs1 001 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.or(rs1, bitAt(rs2)))],
  }),
  defineInstruction({
    ...immediate,
    name: 'bclri',
    encoding: '010010 shamt[5:0] rs1 001 rd 0010011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, clear(rs1, shamt))],
  }),
  defineInstruction({
    ...immediate,
    name: 'bexti',
    encoding: '010010 shamt[5:0] rs1 101 rd 0010011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, extract(rs1, shamt))],
  }),
  defineInstruction({
    ...immediate,
    name: 'binvi',
    encoding: '011010 shamt[5:0] rs1 001 rd 0010011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, i64.xor(rs1, bitAt(shamt)))],
  }),
  defineInstruction({
    ...immediate,
    name: 'bseti',
    encoding: '001010 shamt[5:0] rs1 001 rd 0010011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, i64.or(rs1, bitAt(shamt)))],
  }),
] as const;
