import { i64, load, store, write } from '../semantics/index.ts';
import { floatEnabled } from './float-guard.ts';
import { defineInstruction } from './instruction.ts';

const loading = { syntax: 'frd, imm(rs1)', timing: 'load', guard: floatEnabled } as const;
const storing = { syntax: 'frs2, imm(rs1)', timing: 'store', guard: floatEnabled } as const;

/** Loads and stores of floating-point registers; the bits pass unchanged, whatever they mean. */
export const floatMemoryInstructions = [
  defineInstruction({
    ...loading,
    name: 'flw',
    extension: 'f',
    encoding: 'imm[11:0] rs1 010 frd 0000111',
    semantics: ({ frd, rs1, imm }) => [write(frd, load(4, 'boxed', i64.add(rs1, imm)))],
    spec: 'unpriv 20.5',
  }),
  defineInstruction({
    ...storing,
    name: 'fsw',
    extension: 'f',
    encoding: 'imm[11:5] frs2 rs1 010 imm[4:0] 0100111',
    semantics: ({ frs2, rs1, imm }) => [store(4, i64.add(rs1, imm), frs2)],
    spec: 'unpriv 20.5',
  }),
  defineInstruction({
    ...loading,
    name: 'fld',
    extension: 'd',
    encoding: 'imm[11:0] rs1 011 frd 0000111',
    semantics: ({ frd, rs1, imm }) => [write(frd, load(8, 'unsigned', i64.add(rs1, imm)))],
    spec: 'unpriv 21.3',
  }),
  defineInstruction({
    ...storing,
    name: 'fsd',
    extension: 'd',
    encoding: 'imm[11:5] frs2 rs1 011 imm[4:0] 0100111',
    semantics: ({ frs2, rs1, imm }) => [store(8, i64.add(rs1, imm), frs2)],
    spec: 'unpriv 21.3',
  }),
] as const;
