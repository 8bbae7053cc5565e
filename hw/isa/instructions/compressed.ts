import { compressedFloatInstructions } from './compressed-float.ts';
import { defineCompressed, type CompressedInstruction } from './compressed-instruction.ts';

const loadsAndStores = [
  defineCompressed({
    name: 'c.lw',
    encoding: '010 uimm[5:3] rs1[2:0] uimm[2|6] rd[2:0] 00',
    syntax: 'rd, uimm(rs1)',
    expandsTo: 'lw',
    operands: { rd: 'rd', rs1: 'rs1', imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.ld',
    encoding: '011 uimm[5:3] rs1[2:0] uimm[7:6] rd[2:0] 00',
    syntax: 'rd, uimm(rs1)',
    expandsTo: 'ld',
    operands: { rd: 'rd', rs1: 'rs1', imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.sw',
    encoding: '110 uimm[5:3] rs1[2:0] uimm[2|6] rs2[2:0] 00',
    syntax: 'rs2, uimm(rs1)',
    expandsTo: 'sw',
    operands: { rs2: 'rs2', rs1: 'rs1', imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.sd',
    encoding: '111 uimm[5:3] rs1[2:0] uimm[7:6] rs2[2:0] 00',
    syntax: 'rs2, uimm(rs1)',
    expandsTo: 'sd',
    operands: { rs2: 'rs2', rs1: 'rs1', imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.lwsp',
    encoding: '010 uimm[5] rd uimm[4:2|7:6] 10',
    syntax: 'rd, uimm(sp)',
    expandsTo: 'lw',
    operands: { rd: 'rd', rs1: 2, imm: 'uimm' },
    except: { rd: [0] },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.ldsp',
    encoding: '011 uimm[5] rd uimm[4:3|8:6] 10',
    syntax: 'rd, uimm(sp)',
    expandsTo: 'ld',
    operands: { rd: 'rd', rs1: 2, imm: 'uimm' },
    except: { rd: [0] },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.swsp',
    encoding: '110 uimm[5:2|7:6] rs2 10',
    syntax: 'rs2, uimm(sp)',
    expandsTo: 'sw',
    operands: { rs2: 'rs2', rs1: 2, imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
  defineCompressed({
    name: 'c.sdsp',
    encoding: '111 uimm[5:3|8:6] rs2 10',
    syntax: 'rs2, uimm(sp)',
    expandsTo: 'sd',
    operands: { rs2: 'rs2', rs1: 2, imm: 'uimm' },
    spec: 'unpriv 26.3',
  }),
] as const;

const transfers = [
  defineCompressed({
    name: 'c.j',
    encoding: '101 imm[11|4|9:8|10|6|7|3:1|5] 01',
    syntax: 'target',
    expandsTo: 'jal',
    operands: { rd: 0, imm: 'imm' },
    spec: 'unpriv 26.4',
  }),
  defineCompressed({
    name: 'c.jr',
    encoding: '1000 rs1 00000 10',
    syntax: 'rs1',
    expandsTo: 'jalr',
    operands: { rd: 0, rs1: 'rs1', imm: 0 },
    except: { rs1: [0] },
    spec: 'unpriv 26.4',
  }),
  defineCompressed({
    name: 'c.jalr',
    encoding: '1001 rs1 00000 10',
    syntax: 'rs1',
    expandsTo: 'jalr',
    operands: { rd: 1, rs1: 'rs1', imm: 0 },
    except: { rs1: [0] },
    spec: 'unpriv 26.4',
  }),
  defineCompressed({
    name: 'c.beqz',
    encoding: '110 imm[8|4:3] rs1[2:0] imm[7:6|2:1|5] 01',
    syntax: 'rs1, target',
    expandsTo: 'beq',
    operands: { rs1: 'rs1', rs2: 0, imm: 'imm' },
    spec: 'unpriv 26.4',
  }),
  defineCompressed({
    name: 'c.bnez',
    encoding: '111 imm[8|4:3] rs1[2:0] imm[7:6|2:1|5] 01',
    syntax: 'rs1, target',
    expandsTo: 'bne',
    operands: { rs1: 'rs1', rs2: 0, imm: 'imm' },
    spec: 'unpriv 26.4',
  }),
  defineCompressed({
    name: 'c.ebreak',
    encoding: '1001 00000 00000 10',
    syntax: '',
    expandsTo: 'ebreak',
    operands: {},
    spec: 'unpriv 26.5',
  }),
] as const;

const withConstants = [
  defineCompressed({
    name: 'c.li',
    encoding: '010 imm[5] rd imm[4:0] 01',
    syntax: 'rd, imm',
    expandsTo: 'addi',
    operands: { rd: 'rd', rs1: 0, imm: 'imm' },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.lui',
    encoding: '011 imm[17] rd imm[16:12] 01',
    syntax: 'rd, imm>>12',
    expandsTo: 'lui',
    operands: { rd: 'rd', imm: 'imm' },
    except: { rd: [2], imm: [0] },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.nop',
    encoding: '000 imm[5] 00000 imm[4:0] 01',
    syntax: '',
    expandsTo: 'addi',
    operands: { rd: 0, rs1: 0, imm: 'imm' },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.addi',
    encoding: '000 imm[5] rd imm[4:0] 01',
    syntax: 'rd, imm',
    expandsTo: 'addi',
    operands: { rd: 'rd', rs1: 'rd', imm: 'imm' },
    except: { rd: [0] },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.addiw',
    encoding: '001 imm[5] rd imm[4:0] 01',
    syntax: 'rd, imm',
    expandsTo: 'addiw',
    operands: { rd: 'rd', rs1: 'rd', imm: 'imm' },
    except: { rd: [0] },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.addi16sp',
    encoding: '011 imm[9] 00010 imm[4|6|8:7|5] 01',
    syntax: 'sp, imm',
    expandsTo: 'addi',
    operands: { rd: 2, rs1: 2, imm: 'imm' },
    except: { imm: [0] },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.addi4spn',
    encoding: '000 uimm[5:4|9:6|2|3] rd[2:0] 00',
    syntax: 'rd, sp, uimm',
    expandsTo: 'addi',
    operands: { rd: 'rd', rs1: 2, imm: 'uimm' },
    except: { uimm: [0] },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.slli',
    encoding: '000 shamt[5] rd shamt[4:0] 10',
    syntax: 'rd, shamt',
    expandsTo: 'slli',
    operands: { rd: 'rd', rs1: 'rd', shamt: 'shamt' },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.srli',
    encoding: '100 shamt[5] 00 rd[2:0] shamt[4:0] 01',
    syntax: 'rd, shamt',
    expandsTo: 'srli',
    operands: { rd: 'rd', rs1: 'rd', shamt: 'shamt' },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.srai',
    encoding: '100 shamt[5] 01 rd[2:0] shamt[4:0] 01',
    syntax: 'rd, shamt',
    expandsTo: 'srai',
    operands: { rd: 'rd', rs1: 'rd', shamt: 'shamt' },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    name: 'c.andi',
    encoding: '100 imm[5] 10 rd[2:0] imm[4:0] 01',
    syntax: 'rd, imm',
    expandsTo: 'andi',
    operands: { rd: 'rd', rs1: 'rd', imm: 'imm' },
    spec: 'unpriv 26.5',
  }),
] as const;

const onRegister = {
  syntax: 'rd, rs2',
  operands: { rd: 'rd', rs1: 'rd', rs2: 'rs2' },
  spec: 'unpriv 26.5',
} as const;

const registerOperations = [
  defineCompressed({
    name: 'c.mv',
    encoding: '1000 rd rs2 10',
    syntax: 'rd, rs2',
    expandsTo: 'add',
    operands: { rd: 'rd', rs1: 0, rs2: 'rs2' },
    except: { rs2: [0] },
    spec: 'unpriv 26.5',
  }),
  defineCompressed({
    ...onRegister,
    name: 'c.add',
    encoding: '1001 rd rs2 10',
    expandsTo: 'add',
    except: { rs2: [0] },
  }),
  defineCompressed({
    ...onRegister,
    name: 'c.sub',
    encoding: '100011 rd[2:0] 00 rs2[2:0] 01',
    expandsTo: 'sub',
  }),
  defineCompressed({
    ...onRegister,
    name: 'c.xor',
    encoding: '100011 rd[2:0] 01 rs2[2:0] 01',
    expandsTo: 'xor',
  }),
  defineCompressed({
    ...onRegister,
    name: 'c.or',
    encoding: '100011 rd[2:0] 10 rs2[2:0] 01',
    expandsTo: 'or',
  }),
  defineCompressed({
    ...onRegister,
    name: 'c.and',
    encoding: '100011 rd[2:0] 11 rs2[2:0] 01',
    expandsTo: 'and',
  }),
  defineCompressed({
    ...onRegister,
    name: 'c.subw',
    encoding: '100111 rd[2:0] 00 rs2[2:0] 01',
    expandsTo: 'subw',
  }),
  defineCompressed({
    ...onRegister,
    name: 'c.addw',
    encoding: '100111 rd[2:0] 01 rs2[2:0] 01',
    expandsTo: 'addw',
  }),
] as const;

const table = [
  ...loadsAndStores,
  ...transfers,
  ...withConstants,
  ...registerOperations,
  ...compressedFloatInstructions,
] as const;

/** The name of a 16-bit instruction, as assembly spells it. */
export type CompressedName = (typeof table)[number]['name'];

/** Every 16-bit instruction: Zca, and Zcd for a hart with D. Hints execute as what they expand to. */
export const compressedInstructions: readonly CompressedInstruction[] = table;

const byName = new Map<string, CompressedInstruction>(table.map((row) => [row.name, row]));

/** The 16-bit instruction of a name, if there is one. */
export function compressedByName(name: string): CompressedInstruction | undefined {
  return byName.get(name);
}
