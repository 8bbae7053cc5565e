import { i32, i64, onWords, write, type I32, type I64 } from '../semantics/index.ts';
import { defineInstruction } from './instruction.ts';

const register = {
  extension: 'i',
  syntax: 'rd, rs1, rs2',
  timing: 'integer',
  spec: 'unpriv 2.4.2',
} as const;
const immediate = {
  extension: 'i',
  syntax: 'rd, rs1, imm',
  timing: 'integer',
  spec: 'unpriv 2.4.1',
} as const;
const shift = { ...immediate, syntax: 'rd, rs1, shamt' } as const;
const wordRegister = { ...register, spec: 'unpriv 4.2.2' } as const;
const wordImmediate = { ...immediate, spec: 'unpriv 4.2.1' } as const;
const wordShift = { ...wordImmediate, syntax: 'rd, rs1, shamt' } as const;
const upper = { ...immediate, syntax: 'rd, imm>>12', spec: 'unpriv 4.2.1' } as const;

/** A 0 or 1 as a register holds it. */
const flag = (condition: I32): I64 => i64.extend_i32_u(condition);

/** Arithmetic between two registers. */
export const registerInstructions = [
  defineInstruction({
    ...register,
    name: 'add',
    encoding: '0000000 rs2 rs1 000 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.add(rs1, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'sub',
    encoding: '0100000 rs2 rs1 000 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.sub(rs1, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'sll',
    encoding: '0000000 rs2 rs1 001 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.shl(rs1, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'slt',
    encoding: '0000000 rs2 rs1 010 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, flag(i64.lt_s(rs1, rs2)))],
  }),
  defineInstruction({
    ...register,
    name: 'sltu',
    encoding: '0000000 rs2 rs1 011 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, flag(i64.lt_u(rs1, rs2)))],
  }),
  defineInstruction({
    ...register,
    name: 'xor',
    encoding: '0000000 rs2 rs1 100 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.xor(rs1, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'srl',
    encoding: '0000000 rs2 rs1 101 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.shr_u(rs1, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'sra',
    encoding: '0100000 rs2 rs1 101 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.shr_s(rs1, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'or',
    encoding: '0000000 rs2 rs1 110 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.or(rs1, rs2))],
  }),
  defineInstruction({
    ...register,
    name: 'and',
    encoding: '0000000 rs2 rs1 111 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.and(rs1, rs2))],
  }),
  defineInstruction({
    ...wordRegister,
    name: 'addw',
    encoding: '0000000 rs2 rs1 000 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(i32.add, rs1, rs2))],
  }),
  defineInstruction({
    ...wordRegister,
    name: 'subw',
    encoding: '0100000 rs2 rs1 000 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(i32.sub, rs1, rs2))],
  }),
  defineInstruction({
    ...wordRegister,
    name: 'sllw',
    encoding: '0000000 rs2 rs1 001 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(i32.shl, rs1, rs2))],
  }),
  defineInstruction({
    ...wordRegister,
    name: 'srlw',
    encoding: '0000000 rs2 rs1 101 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(i32.shr_u, rs1, rs2))],
  }),
  defineInstruction({
    ...wordRegister,
    name: 'sraw',
    encoding: '0100000 rs2 rs1 101 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(i32.shr_s, rs1, rs2))],
  }),
] as const;

/** Arithmetic between a register and an immediate, and the two that place an upper immediate. */
export const immediateInstructions = [
  defineInstruction({
    ...upper,
    name: 'lui',
    encoding: 'imm[31:12] rd 0110111',
    semantics: ({ rd, imm }) => [write(rd, imm)],
  }),
  defineInstruction({
    ...upper,
    name: 'auipc',
    encoding: 'imm[31:12] rd 0010111',
    semantics: ({ rd, imm, pc }) => [write(rd, i64.add(pc, imm))],
  }),
  defineInstruction({
    ...immediate,
    name: 'addi',
    encoding: 'imm[11:0] rs1 000 rd 0010011',
    semantics: ({ rd, rs1, imm }) => [write(rd, i64.add(rs1, imm))],
  }),
  defineInstruction({
    ...immediate,
    name: 'slti',
    encoding: 'imm[11:0] rs1 010 rd 0010011',
    semantics: ({ rd, rs1, imm }) => [write(rd, flag(i64.lt_s(rs1, imm)))],
  }),
  defineInstruction({
    ...immediate,
    name: 'sltiu',
    encoding: 'imm[11:0] rs1 011 rd 0010011',
    semantics: ({ rd, rs1, imm }) => [write(rd, flag(i64.lt_u(rs1, imm)))],
  }),
  defineInstruction({
    ...immediate,
    name: 'xori',
    encoding: 'imm[11:0] rs1 100 rd 0010011',
    semantics: ({ rd, rs1, imm }) => [write(rd, i64.xor(rs1, imm))],
  }),
  defineInstruction({
    ...immediate,
    name: 'ori',
    encoding: 'imm[11:0] rs1 110 rd 0010011',
    semantics: ({ rd, rs1, imm }) => [write(rd, i64.or(rs1, imm))],
  }),
  defineInstruction({
    ...immediate,
    name: 'andi',
    encoding: 'imm[11:0] rs1 111 rd 0010011',
    semantics: ({ rd, rs1, imm }) => [write(rd, i64.and(rs1, imm))],
  }),
  defineInstruction({
    ...shift,
    name: 'slli',
    encoding: '000000 shamt[5:0] rs1 001 rd 0010011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, i64.shl(rs1, shamt))],
  }),
  defineInstruction({
    ...shift,
    name: 'srli',
    encoding: '000000 shamt[5:0] rs1 101 rd 0010011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, i64.shr_u(rs1, shamt))],
  }),
  defineInstruction({
    ...shift,
    name: 'srai',
    encoding: '010000 shamt[5:0] rs1 101 rd 0010011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, i64.shr_s(rs1, shamt))],
  }),
  defineInstruction({
    ...wordImmediate,
    name: 'addiw',
    encoding: 'imm[11:0] rs1 000 rd 0011011',
    semantics: ({ rd, rs1, imm }) => [write(rd, onWords(i32.add, rs1, imm))],
  }),
  defineInstruction({
    ...wordShift,
    name: 'slliw',
    encoding: '0000000 shamt[4:0] rs1 001 rd 0011011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, onWords(i32.shl, rs1, shamt))],
  }),
  defineInstruction({
    ...wordShift,
    name: 'srliw',
    encoding: '0000000 shamt[4:0] rs1 101 rd 0011011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, onWords(i32.shr_u, rs1, shamt))],
  }),
  defineInstruction({
    ...wordShift,
    name: 'sraiw',
    encoding: '0100000 shamt[4:0] rs1 101 rd 0011011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, onWords(i32.shr_s, rs1, shamt))],
  }),
] as const;
