import { ifZeroField, system, write } from '../semantics/index.ts';
import { defineInstruction } from './instruction.ts';

const register = {
  extension: 'zicsr',
  syntax: 'rd, csr, rs1',
  timing: 'csr',
  spec: 'unpriv 7.1',
} as const;
const immediate = { ...register, syntax: 'rd, csr, uimm' } as const;

/** Accesses to control and status registers; setting or clearing from `x0` or 0 only reads. */
export const csrInstructions = [
  defineInstruction({
    ...register,
    name: 'csrrw',
    encoding: 'csr[11:0] rs1 001 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, system('csrWrite', rs1))],
  }),
  defineInstruction({
    ...register,
    name: 'csrrs',
    encoding: 'csr[11:0] rs1 010 rd 1110011',
    semantics: ({ rd, rs1 }) => [
      ifZeroField(rs1, [write(rd, system('csrRead'))], [write(rd, system('csrSet', rs1))]),
    ],
  }),
  defineInstruction({
    ...register,
    name: 'csrrc',
    encoding: 'csr[11:0] rs1 011 rd 1110011',
    semantics: ({ rd, rs1 }) => [
      ifZeroField(rs1, [write(rd, system('csrRead'))], [write(rd, system('csrClear', rs1))]),
    ],
  }),
  defineInstruction({
    ...immediate,
    name: 'csrrwi',
    encoding: 'csr[11:0] uimm[4:0] 101 rd 1110011',
    semantics: ({ rd, uimm }) => [write(rd, system('csrWrite', uimm))],
  }),
  defineInstruction({
    ...immediate,
    name: 'csrrsi',
    encoding: 'csr[11:0] uimm[4:0] 110 rd 1110011',
    semantics: ({ rd, uimm }) => [
      ifZeroField(uimm, [write(rd, system('csrRead'))], [write(rd, system('csrSet', uimm))]),
    ],
  }),
  defineInstruction({
    ...immediate,
    name: 'csrrci',
    encoding: 'csr[11:0] uimm[4:0] 111 rd 1110011',
    semantics: ({ rd, uimm }) => [
      ifZeroField(uimm, [write(rd, system('csrRead'))], [write(rd, system('csrClear', uimm))]),
    ],
  }),
] as const;
