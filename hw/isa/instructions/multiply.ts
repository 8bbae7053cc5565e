import {
  choose,
  i32,
  i64,
  letI64,
  onWords,
  write,
  type I32,
  type I64,
} from '../semantics/index.ts';
import { defineInstruction } from './instruction.ts';

const multiply = {
  extension: 'm',
  syntax: 'rd, rs1, rs2',
  timing: 'multiply',
  spec: 'unpriv 13.1',
} as const;
const multiplyHigh = { ...multiply, timing: 'multiplyHigh' } as const;
const divide = { ...multiply, timing: 'divide', spec: 'unpriv 13.2' } as const;

const WORD = i64.const(0xffff_ffffn);
const lowWord = (value: I64): I64 => i64.and(value, WORD);
const highWord = (value: I64): I64 => i64.shr_u(value, i64.const(32n));

/** Upper half of the unsigned product, by schoolbook multiplication of 32-bit halves. */
function highProduct(left: I64, right: I64): I64 {
  const lows = i64.mul(lowWord(left), lowWord(right));
  return letI64(i64.add(i64.mul(highWord(left), lowWord(right)), highWord(lows)), (middle) => {
    const carry = i64.add(lowWord(middle), i64.mul(lowWord(left), highWord(right)));
    const highs = i64.mul(highWord(left), highWord(right));
    return i64.add(i64.add(highs, highWord(middle)), highWord(carry));
  });
}

/** What an unsigned upper half has too much when `value` was negative: the other factor. */
function excess(value: I64, factor: I64): I64 {
  return i64.and(i64.shr_s(value, i64.const(63n)), factor);
}

const ALL_ONES = i64.const(-1n);
const LOWEST = i64.const(-(1n << 63n));
const LOWEST_WORD = i32.const(-0x8000_0000);

/** Division by zero gives all ones, overflow the dividend (unpriv 13.2). */
function quotient(dividend: I64, divisor: I64): I64 {
  const overflows = i32.and(i64.eq(dividend, LOWEST), i64.eq(divisor, ALL_ONES));
  const divided = i64.div_s(dividend, divisor);
  return choose(i64.eqz(divisor), ALL_ONES, choose(overflows, LOWEST, divided));
}

function quotientUnsigned(dividend: I64, divisor: I64): I64 {
  return choose(i64.eqz(divisor), ALL_ONES, i64.div_u(dividend, divisor));
}

/** Division by zero leaves the dividend; overflow leaves 0, as the operation itself does. */
function remainder(dividend: I64, divisor: I64): I64 {
  return choose(i64.eqz(divisor), dividend, i64.rem_s(dividend, divisor));
}

function remainderUnsigned(dividend: I64, divisor: I64): I64 {
  return choose(i64.eqz(divisor), dividend, i64.rem_u(dividend, divisor));
}

function wordQuotient(dividend: I32, divisor: I32): I32 {
  const overflows = i32.and(i32.eq(dividend, LOWEST_WORD), i32.eq(divisor, i32.const(-1)));
  const divided = i32.div_s(dividend, divisor);
  return choose(i32.eqz(divisor), i32.const(-1), choose(overflows, LOWEST_WORD, divided));
}

function wordQuotientUnsigned(dividend: I32, divisor: I32): I32 {
  return choose(i32.eqz(divisor), i32.const(-1), i32.div_u(dividend, divisor));
}

function wordRemainder(dividend: I32, divisor: I32): I32 {
  return choose(i32.eqz(divisor), dividend, i32.rem_s(dividend, divisor));
}

function wordRemainderUnsigned(dividend: I32, divisor: I32): I32 {
  return choose(i32.eqz(divisor), dividend, i32.rem_u(dividend, divisor));
}

/** Multiplication. */
export const multiplyInstructions = [
  defineInstruction({
    ...multiply,
    name: 'mul',
    encoding: '0000001 rs2 rs1 000 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.mul(rs1, rs2))],
  }),
  defineInstruction({
    ...multiplyHigh,
    name: 'mulh',
    encoding: '0000001 rs2 rs1 001 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [
      write(rd, i64.sub(i64.sub(highProduct(rs1, rs2), excess(rs1, rs2)), excess(rs2, rs1))),
    ],
  }),
  defineInstruction({
    ...multiplyHigh,
    name: 'mulhsu',
    encoding: '0000001 rs2 rs1 010 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.sub(highProduct(rs1, rs2), excess(rs1, rs2)))],
  }),
  defineInstruction({
    ...multiplyHigh,
    name: 'mulhu',
    encoding: '0000001 rs2 rs1 011 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, highProduct(rs1, rs2))],
  }),
  defineInstruction({
    ...multiply,
    name: 'mulw',
    encoding: '0000001 rs2 rs1 000 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(i32.mul, rs1, rs2))],
  }),
] as const;

/** Division and remainder. */
export const divideInstructions = [
  defineInstruction({
    ...divide,
    name: 'div',
    encoding: '0000001 rs2 rs1 100 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, quotient(rs1, rs2))],
  }),
  defineInstruction({
    ...divide,
    name: 'divu',
    encoding: '0000001 rs2 rs1 101 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, quotientUnsigned(rs1, rs2))],
  }),
  defineInstruction({
    ...divide,
    name: 'rem',
    encoding: '0000001 rs2 rs1 110 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, remainder(rs1, rs2))],
  }),
  defineInstruction({
    ...divide,
    name: 'remu',
    encoding: '0000001 rs2 rs1 111 rd 0110011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, remainderUnsigned(rs1, rs2))],
  }),
  defineInstruction({
    ...divide,
    name: 'divw',
    encoding: '0000001 rs2 rs1 100 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(wordQuotient, rs1, rs2))],
  }),
  defineInstruction({
    ...divide,
    name: 'divuw',
    encoding: '0000001 rs2 rs1 101 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(wordQuotientUnsigned, rs1, rs2))],
  }),
  defineInstruction({
    ...divide,
    name: 'remw',
    encoding: '0000001 rs2 rs1 110 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(wordRemainder, rs1, rs2))],
  }),
  defineInstruction({
    ...divide,
    name: 'remuw',
    encoding: '0000001 rs2 rs1 111 rd 0111011',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, onWords(wordRemainderUnsigned, rs1, rs2))],
  }),
] as const;
