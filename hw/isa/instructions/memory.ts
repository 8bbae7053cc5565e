import { i64, load, perform, store, write } from '../semantics/index.ts';
import { defineInstruction } from './instruction.ts';

const loading = {
  extension: 'i',
  syntax: 'rd, imm(rs1)',
  timing: 'load',
  spec: 'unpriv 4.3',
} as const;
const storing = {
  extension: 'i',
  syntax: 'rs2, imm(rs1)',
  timing: 'store',
  spec: 'unpriv 4.3',
} as const;

/** Loads of each width. */
export const loadInstructions = [
  defineInstruction({
    ...loading,
    name: 'lb',
    encoding: 'imm[11:0] rs1 000 rd 0000011',
    semantics: ({ rd, rs1, imm }) => [write(rd, load(1, 'signed', i64.add(rs1, imm)))],
  }),
  defineInstruction({
    ...loading,
    name: 'lh',
    encoding: 'imm[11:0] rs1 001 rd 0000011',
    semantics: ({ rd, rs1, imm }) => [write(rd, load(2, 'signed', i64.add(rs1, imm)))],
  }),
  defineInstruction({
    ...loading,
    name: 'lw',
    encoding: 'imm[11:0] rs1 010 rd 0000011',
    semantics: ({ rd, rs1, imm }) => [write(rd, load(4, 'signed', i64.add(rs1, imm)))],
  }),
  defineInstruction({
    ...loading,
    name: 'ld',
    encoding: 'imm[11:0] rs1 011 rd 0000011',
    semantics: ({ rd, rs1, imm }) => [write(rd, load(8, 'unsigned', i64.add(rs1, imm)))],
  }),
  defineInstruction({
    ...loading,
    name: 'lbu',
    encoding: 'imm[11:0] rs1 100 rd 0000011',
    semantics: ({ rd, rs1, imm }) => [write(rd, load(1, 'unsigned', i64.add(rs1, imm)))],
  }),
  defineInstruction({
    ...loading,
    name: 'lhu',
    encoding: 'imm[11:0] rs1 101 rd 0000011',
    semantics: ({ rd, rs1, imm }) => [write(rd, load(2, 'unsigned', i64.add(rs1, imm)))],
  }),
  defineInstruction({
    ...loading,
    name: 'lwu',
    encoding: 'imm[11:0] rs1 110 rd 0000011',
    semantics: ({ rd, rs1, imm }) => [write(rd, load(4, 'unsigned', i64.add(rs1, imm)))],
  }),
] as const;

/** Stores of each width. */
export const storeInstructions = [
  defineInstruction({
    ...storing,
    name: 'sb',
    encoding: 'imm[11:5] rs2 rs1 000 imm[4:0] 0100011',
    semantics: ({ rs1, rs2, imm }) => [store(1, i64.add(rs1, imm), rs2)],
  }),
  defineInstruction({
    ...storing,
    name: 'sh',
    encoding: 'imm[11:5] rs2 rs1 001 imm[4:0] 0100011',
    semantics: ({ rs1, rs2, imm }) => [store(2, i64.add(rs1, imm), rs2)],
  }),
  defineInstruction({
    ...storing,
    name: 'sw',
    encoding: 'imm[11:5] rs2 rs1 010 imm[4:0] 0100011',
    semantics: ({ rs1, rs2, imm }) => [store(4, i64.add(rs1, imm), rs2)],
  }),
  defineInstruction({
    ...storing,
    name: 'sd',
    encoding: 'imm[11:5] rs2 rs1 011 imm[4:0] 0100011',
    semantics: ({ rs1, rs2, imm }) => [store(8, i64.add(rs1, imm), rs2)],
  }),
] as const;

/** Ordering of memory accesses and of instruction fetches after stores. Hints and reserved fields are ordinary fences. */
export const fenceInstructions = [
  defineInstruction({
    name: 'fence',
    extension: 'i',
    encoding: 'fm[3:0] pred[3:0] succ[3:0] rs1 000 rd 0001111',
    syntax: 'pred, succ',
    timing: 'fence',
    semantics: () => [perform('fence')],
    spec: 'unpriv 2.7',
  }),
  defineInstruction({
    name: 'fence.i',
    extension: 'zifencei',
    encoding: 'imm[11:0] rs1 001 rd 0001111',
    syntax: '',
    timing: 'instructionFence',
    semantics: () => [perform('fenceI')],
    spec: 'unpriv 6',
  }),
] as const;
