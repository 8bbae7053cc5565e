import {
  i32,
  i64,
  letI64,
  onWords,
  select,
  write,
  type I32,
  type I64,
} from '../semantics/index.ts';
import { defineInstruction } from './instruction.ts';

const basic = {
  extension: 'zbb',
  syntax: 'rd, rs1, rs2',
  timing: 'integer',
  spec: 'unpriv 28.4.2',
} as const;
const unary = { ...basic, syntax: 'rd, rs1' } as const;
const rotation = { ...basic, syntax: 'rd, rs1, shamt' } as const;

const ALL_ONES = i64.const(-1n);
const invert = (value: I64): I64 => i64.xor(value, ALL_ONES);

/** Applies a 32-bit operation to the low half; its result, a count, is not negative. */
function onWord(operation: (operand: I32) => I32, operand: I64): I64 {
  return i64.extend_i32_u(operation(i32.wrap_i64(operand)));
}

/** All ones in each byte that has a bit set: bit 7 collects the others without a carry out of the byte. */
function combineBytes(value: I64): I64 {
  const LOW_SEVEN = i64.const(0x7f7f_7f7f_7f7f_7f7fn);
  const EIGHTH = i64.const(0x8080_8080_8080_8080n);
  const collected = i64.or(i64.add(i64.and(value, LOW_SEVEN), LOW_SEVEN), value);
  const ones = i64.shr_u(i64.and(collected, EIGHTH), i64.const(7n));
  return i64.mul(ones, i64.const(0xffn));
}

/** Exchanges neighbouring groups of `width` bits; `lower` has the bits of every other group. */
function swapGroups(value: I64, width: bigint, lower: bigint): I64 {
  return letI64(value, (whole) => {
    const down = i64.and(i64.shr_u(whole, i64.const(width)), i64.const(lower));
    const up = i64.shl(i64.and(whole, i64.const(lower)), i64.const(width));
    return i64.or(down, up);
  });
}

/** The bytes in the opposite order. */
function reverseBytes(value: I64): I64 {
  const halves = i64.rotl(value, i64.const(32n));
  return swapGroups(swapGroups(halves, 16n, 0x0000_ffff_0000_ffffn), 8n, 0x00ff_00ff_00ff_00ffn);
}

/** Basic bit manipulation between two registers: logic with one operand inverted, extremes, rotations. */
export const basicBitInstructions = [
  defineInstruction({
    ...basic,
    name: 'andn',
    encoding: '0100000 rs2 rs1 111 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.and(rs1, invert(rs2)))],
  }),
  defineInstruction({
    ...basic,
    name: 'orn',
    encoding: '0100000 rs2 rs1 110 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.or(rs1, invert(rs2)))],
  }),
  defineInstruction({
    ...basic,
    name: 'xnor',
    encoding: '0100000 rs2 rs1 100 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, invert(i64.xor(rs1, rs2)))],
  }),
  defineInstruction({
    ...basic,
    name: 'min',
    encoding: '0000101 rs2 rs1 100 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, select(i64.lt_s(rs1, rs2), rs1, rs2))],
  }),
  defineInstruction({
    ...basic,
    name: 'minu',
    encoding: '0000101 rs2 rs1 101 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, select(i64.lt_u(rs1, rs2), rs1, rs2))],
  }),
  defineInstruction({
    ...basic,
    name: 'max',
    encoding: '0000101 rs2 rs1 110 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, select(i64.lt_s(rs1, rs2), rs2, rs1))],
  }),
  defineInstruction({
    ...basic,
    name: 'maxu',
    encoding: '0000101 rs2 rs1 111 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, select(i64.lt_u(rs1, rs2), rs2, rs1))],
  }),
  defineInstruction({
    ...basic,
    name: 'rol',
    encoding: '0110000 rs2 rs1 001 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.rotl(rs1, rs2))],
  }),
  defineInstruction({
    ...basic,
    name: 'ror',
    encoding: '0110000 rs2 rs1 101 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.rotr(rs1, rs2))],
  }),
  defineInstruction({
    ...basic,
    name: 'rolw',
    encoding: '0110000 rs2 rs1 001 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(i32.rotl, rs1, rs2))],
  }),
  defineInstruction({
    ...basic,
    name: 'rorw',
    encoding: '0110000 rs2 rs1 101 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(i32.rotr, rs1, rs2))],
  }),
  defineInstruction({
    ...rotation,
    name: 'rori',
    encoding: '011000 shamt[5:0] rs1 101 rd 0010011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, i64.rotr(rs1, shamt))],
  }),
  defineInstruction({
    ...rotation,
    name: 'roriw',
    encoding: '0110000 shamt[4:0] rs1 101 rd 0011011',
    semantics: ({ rd, rs1, shamt }) => [write(rd, onWords(i32.rotr, rs1, shamt))],
  }),
] as const;

/** Basic bit manipulation of one register: counts, extensions, byte operations. */
export const unaryBitInstructions = [
  defineInstruction({
    ...unary,
    name: 'clz',
    encoding: '011000000000 rs1 001 rd 0010011',
    semantics: ({ rd, rs1 }) => [write(rd, i64.clz(rs1))],
  }),
  defineInstruction({
    ...unary,
    name: 'ctz',
    encoding: '011000000001 rs1 001 rd 0010011',
    semantics: ({ rd, rs1 }) => [write(rd, i64.ctz(rs1))],
  }),
  defineInstruction({
    ...unary,
    name: 'cpop',
    encoding: '011000000010 rs1 001 rd 0010011',
    semantics: ({ rd, rs1 }) => [write(rd, i64.popcnt(rs1))],
  }),
  defineInstruction({
    ...unary,
    name: 'clzw',
    encoding: '011000000000 rs1 001 rd 0011011',
    semantics: ({ rd, rs1 }) => [write(rd, onWord(i32.clz, rs1))],
  }),
  defineInstruction({
    ...unary,
    name: 'ctzw',
    encoding: '011000000001 rs1 001 rd 0011011',
    semantics: ({ rd, rs1 }) => [write(rd, onWord(i32.ctz, rs1))],
  }),
  defineInstruction({
    ...unary,
    name: 'cpopw',
    encoding: '011000000010 rs1 001 rd 0011011',
    semantics: ({ rd, rs1 }) => [write(rd, onWord(i32.popcnt, rs1))],
  }),
  defineInstruction({
    ...unary,
    name: 'sext.b',
    encoding: '011000000100 rs1 001 rd 0010011',
    semantics: ({ rd, rs1 }) => [write(rd, i64.extend8_s(rs1))],
  }),
  defineInstruction({
    ...unary,
    name: 'sext.h',
    encoding: '011000000101 rs1 001 rd 0010011',
    semantics: ({ rd, rs1 }) => [write(rd, i64.extend16_s(rs1))],
  }),
  defineInstruction({
    ...unary,
    name: 'zext.h',
    encoding: '000010000000 rs1 100 rd 0111011',
    semantics: ({ rd, rs1 }) => [write(rd, i64.and(rs1, i64.const(0xffffn)))],
  }),
  defineInstruction({
    ...unary,
    name: 'orc.b',
    encoding: '001010000111 rs1 101 rd 0010011',
    semantics: ({ rd, rs1 }) => [write(rd, combineBytes(rs1))],
  }),
  defineInstruction({
    ...unary,
    name: 'rev8',
    encoding: '011010111000 rs1 101 rd 0010011',
    semantics: ({ rd, rs1 }) => [write(rd, reverseBytes(rs1))],
  }),
] as const;
