import {
  amo,
  i64,
  loadReserved,
  select,
  storeConditional,
  write,
  type I64,
} from '../semantics/index.ts';
import { defineInstruction } from './instruction.ts';

const reserving = { extension: 'a', spec: 'unpriv 14.2' } as const;
const atomic = {
  extension: 'a',
  syntax: 'rd, rs2, (rs1)',
  timing: 'atomic',
  spec: 'unpriv 14.4',
} as const;

/** The low word of a register, extended as the old memory value is, so that both orders agree with the 32-bit ones. */
const word = (value: I64): I64 => i64.extend32_s(value);

const minimum = (left: I64, right: I64): I64 => select(i64.lt_s(left, right), left, right);
const maximum = (left: I64, right: I64): I64 => select(i64.gt_s(left, right), left, right);
const minimumUnsigned = (left: I64, right: I64): I64 => select(i64.lt_u(left, right), left, right);
const maximumUnsigned = (left: I64, right: I64): I64 => select(i64.gt_u(left, right), left, right);

/** Load-reserved and store-conditional. */
export const reservationInstructions = [
  defineInstruction({
    ...reserving,
    name: 'lr.w',
    encoding: '00010 aq rl 00000 rs1 010 rd 0101111',
    syntax: 'rd, (rs1)',
    timing: 'loadReserved',
    semantics: ({ rd, rs1 }) => [write(rd, loadReserved(4, rs1))],
  }),
  defineInstruction({
    ...reserving,
    name: 'sc.w',
    encoding: '00011 aq rl rs2 rs1 010 rd 0101111',
    syntax: 'rd, rs2, (rs1)',
    timing: 'storeConditional',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, storeConditional(4, rs1, rs2))],
  }),
  defineInstruction({
    ...reserving,
    name: 'lr.d',
    encoding: '00010 aq rl 00000 rs1 011 rd 0101111',
    syntax: 'rd, (rs1)',
    timing: 'loadReserved',
    semantics: ({ rd, rs1 }) => [write(rd, loadReserved(8, rs1))],
  }),
  defineInstruction({
    ...reserving,
    name: 'sc.d',
    encoding: '00011 aq rl rs2 rs1 011 rd 0101111',
    syntax: 'rd, rs2, (rs1)',
    timing: 'storeConditional',
    semantics: ({ rd, rs1, rs2 }) => [write(rd, storeConditional(8, rs1, rs2))],
  }),
] as const;

/** Atomic read-modify-write. `old` is the sign-extended memory value. */
export const atomicInstructions = [
  defineInstruction({
    ...atomic,
    name: 'amoswap.w',
    encoding: '00001 aq rl rs2 rs1 010 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(4, rs1, () => rs2),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amoadd.w',
    encoding: '00000 aq rl rs2 rs1 010 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(4, rs1, (old) => i64.add(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amoxor.w',
    encoding: '00100 aq rl rs2 rs1 010 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(4, rs1, (old) => i64.xor(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amoand.w',
    encoding: '01100 aq rl rs2 rs1 010 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(4, rs1, (old) => i64.and(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amoor.w',
    encoding: '01000 aq rl rs2 rs1 010 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(4, rs1, (old) => i64.or(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amomin.w',
    encoding: '10000 aq rl rs2 rs1 010 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(4, rs1, (old) => minimum(old, word(rs2))),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amomax.w',
    encoding: '10100 aq rl rs2 rs1 010 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(4, rs1, (old) => maximum(old, word(rs2))),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amominu.w',
    encoding: '11000 aq rl rs2 rs1 010 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(4, rs1, (old) => minimumUnsigned(old, word(rs2))),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amomaxu.w',
    encoding: '11100 aq rl rs2 rs1 010 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(4, rs1, (old) => maximumUnsigned(old, word(rs2))),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amoswap.d',
    encoding: '00001 aq rl rs2 rs1 011 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(8, rs1, () => rs2),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amoadd.d',
    encoding: '00000 aq rl rs2 rs1 011 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(8, rs1, (old) => i64.add(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amoxor.d',
    encoding: '00100 aq rl rs2 rs1 011 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(8, rs1, (old) => i64.xor(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amoand.d',
    encoding: '01100 aq rl rs2 rs1 011 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(8, rs1, (old) => i64.and(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amoor.d',
    encoding: '01000 aq rl rs2 rs1 011 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(8, rs1, (old) => i64.or(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amomin.d',
    encoding: '10000 aq rl rs2 rs1 011 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(8, rs1, (old) => minimum(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amomax.d',
    encoding: '10100 aq rl rs2 rs1 011 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(8, rs1, (old) => maximum(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amominu.d',
    encoding: '11000 aq rl rs2 rs1 011 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(8, rs1, (old) => minimumUnsigned(old, rs2)),
      ),
    ],
  }),
  defineInstruction({
    ...atomic,
    name: 'amomaxu.d',
    encoding: '11100 aq rl rs2 rs1 011 rd 0101111',
    semantics: ({ rd, rs1, rs2 }) => [
      write(
        rd,
        amo(8, rs1, (old) => maximumUnsigned(old, rs2)),
      ),
    ],
  }),
] as const;
