import { floatConvert, unboxed, write } from '../semantics/index.ts';
import { floatEnabled } from './float-guard.ts';
import { defineInstruction } from './instruction.ts';

const single = { extension: 'f', guard: floatEnabled, spec: 'unpriv 20.7' } as const;
const double = { extension: 'd', guard: floatEnabled, spec: 'unpriv 21.5' } as const;
const toInteger = { syntax: 'rd, frs1, rm', timing: 'floatToInteger' } as const;
const fromInteger = { syntax: 'frd, rs1, rm', timing: 'floatMove' } as const;
const exactly = { syntax: 'frd, rs1, rm=rne', timing: 'floatMove' } as const;

/** Conversions between integers and single precision. */
export const singleConversionInstructions = [
  defineInstruction({
    ...single,
    ...toInteger,
    name: 'fcvt.w.s',
    encoding: '1100000 00000 frs1 rm[2:0] rd 1010011',
    semantics: ({ rd, frs1 }) => [write(rd, floatConvert('w', 's', unboxed(frs1)))],
  }),
  defineInstruction({
    ...single,
    ...toInteger,
    name: 'fcvt.wu.s',
    encoding: '1100000 00001 frs1 rm[2:0] rd 1010011',
    semantics: ({ rd, frs1 }) => [write(rd, floatConvert('wu', 's', unboxed(frs1)))],
  }),
  defineInstruction({
    ...single,
    ...toInteger,
    name: 'fcvt.l.s',
    encoding: '1100000 00010 frs1 rm[2:0] rd 1010011',
    semantics: ({ rd, frs1 }) => [write(rd, floatConvert('l', 's', unboxed(frs1)))],
  }),
  defineInstruction({
    ...single,
    ...toInteger,
    name: 'fcvt.lu.s',
    encoding: '1100000 00011 frs1 rm[2:0] rd 1010011',
    semantics: ({ rd, frs1 }) => [write(rd, floatConvert('lu', 's', unboxed(frs1)))],
  }),
  defineInstruction({
    ...single,
    ...fromInteger,
    name: 'fcvt.s.w',
    encoding: '1101000 00000 rs1 rm[2:0] frd 1010011',
    semantics: ({ frd, rs1 }) => [write(frd, floatConvert('s', 'w', rs1))],
  }),
  defineInstruction({
    ...single,
    ...fromInteger,
    name: 'fcvt.s.wu',
    encoding: '1101000 00001 rs1 rm[2:0] frd 1010011',
    semantics: ({ frd, rs1 }) => [write(frd, floatConvert('s', 'wu', rs1))],
  }),
  defineInstruction({
    ...single,
    ...fromInteger,
    name: 'fcvt.s.l',
    encoding: '1101000 00010 rs1 rm[2:0] frd 1010011',
    semantics: ({ frd, rs1 }) => [write(frd, floatConvert('s', 'l', rs1))],
  }),
  defineInstruction({
    ...single,
    ...fromInteger,
    name: 'fcvt.s.lu',
    encoding: '1101000 00011 rs1 rm[2:0] frd 1010011',
    semantics: ({ frd, rs1 }) => [write(frd, floatConvert('s', 'lu', rs1))],
  }),
] as const;

/** Conversions between integers and double precision. */
export const doubleConversionInstructions = [
  defineInstruction({
    ...double,
    ...toInteger,
    name: 'fcvt.w.d',
    encoding: '1100001 00000 frs1 rm[2:0] rd 1010011',
    semantics: ({ rd, frs1 }) => [write(rd, floatConvert('w', 'd', frs1))],
  }),
  defineInstruction({
    ...double,
    ...toInteger,
    name: 'fcvt.wu.d',
    encoding: '1100001 00001 frs1 rm[2:0] rd 1010011',
    semantics: ({ rd, frs1 }) => [write(rd, floatConvert('wu', 'd', frs1))],
  }),
  defineInstruction({
    ...double,
    ...toInteger,
    name: 'fcvt.l.d',
    encoding: '1100001 00010 frs1 rm[2:0] rd 1010011',
    semantics: ({ rd, frs1 }) => [write(rd, floatConvert('l', 'd', frs1))],
  }),
  defineInstruction({
    ...double,
    ...toInteger,
    name: 'fcvt.lu.d',
    encoding: '1100001 00011 frs1 rm[2:0] rd 1010011',
    semantics: ({ rd, frs1 }) => [write(rd, floatConvert('lu', 'd', frs1))],
  }),
  defineInstruction({
    ...double,
    ...exactly,
    name: 'fcvt.d.w',
    encoding: '1101001 00000 rs1 rm[2:0] frd 1010011',
    semantics: ({ frd, rs1 }) => [write(frd, floatConvert('d', 'w', rs1))],
  }),
  defineInstruction({
    ...double,
    ...exactly,
    name: 'fcvt.d.wu',
    encoding: '1101001 00001 rs1 rm[2:0] frd 1010011',
    semantics: ({ frd, rs1 }) => [write(frd, floatConvert('d', 'wu', rs1))],
  }),
  defineInstruction({
    ...double,
    ...fromInteger,
    name: 'fcvt.d.l',
    encoding: '1101001 00010 rs1 rm[2:0] frd 1010011',
    semantics: ({ frd, rs1 }) => [write(frd, floatConvert('d', 'l', rs1))],
  }),
  defineInstruction({
    ...double,
    ...fromInteger,
    name: 'fcvt.d.lu',
    encoding: '1101001 00011 rs1 rm[2:0] frd 1010011',
    semantics: ({ frd, rs1 }) => [write(frd, floatConvert('d', 'lu', rs1))],
  }),
] as const;

/** Conversions between the precisions. */
export const precisionInstructions = [
  defineInstruction({
    ...double,
    name: 'fcvt.s.d',
    encoding: '0100000 00001 frs1 rm[2:0] frd 1010011',
    syntax: 'frd, frs1, rm',
    timing: 'floatMove',
    semantics: ({ frd, frs1 }) => [write(frd, floatConvert('s', 'd', frs1))],
  }),
  defineInstruction({
    ...double,
    name: 'fcvt.d.s',
    encoding: '0100001 00000 frs1 rm[2:0] frd 1010011',
    syntax: 'frd, frs1, rm=rne',
    timing: 'floatMove',
    semantics: ({ frd, frs1 }) => [write(frd, floatConvert('d', 's', unboxed(frs1)))],
  }),
] as const;
