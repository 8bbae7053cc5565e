import { defineCompressed } from './compressed-instruction.ts';

/** Loads and stores of doubles, which a hart with both C and D has (unpriv 26.3: Zcd). */
export const compressedFloatInstructions = [
  defineCompressed({
    name: 'c.fld',
    encoding: '001 uimm[5:3] rs1[2:0] uimm[7:6] frd[2:0] 00',
    syntax: 'frd, uimm(rs1)',
    expandsTo: 'fld',
    operands: { frd: 'frd', rs1: 'rs1', imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.fsd',
    encoding: '101 uimm[5:3] rs1[2:0] uimm[7:6] frs2[2:0] 00',
    syntax: 'frs2, uimm(rs1)',
    expandsTo: 'fsd',
    operands: { frs2: 'frs2', rs1: 'rs1', imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.fldsp',
    encoding: '001 uimm[5] frd uimm[4:3|8:6] 10',
    syntax: 'frd, uimm(sp)',
    expandsTo: 'fld',
    operands: { frd: 'frd', rs1: 2, imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.fsdsp',
    encoding: '101 uimm[5:3|8:6] frs2 10',
    syntax: 'frs2, uimm(sp)',
    expandsTo: 'fsd',
    operands: { frs2: 'frs2', rs1: 2, imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
] as const;
