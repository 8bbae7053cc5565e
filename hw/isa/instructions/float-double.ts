import {
  classified,
  float,
  floatCompare,
  floatExtreme,
  negated,
  withSignOf,
  withSignsMultiplied,
  write,
} from '../semantics/index.ts';
import { floatEnabled } from './float-guard.ts';
import { defineInstruction } from './instruction.ts';

const common = { extension: 'd', guard: floatEnabled } as const;
const arithmetic = {
  ...common,
  syntax: 'frd, frs1, frs2, rm',
  timing: 'floatDouble',
  spec: 'unpriv 21.4',
} as const;
const fused = { ...arithmetic, syntax: 'frd, frs1, frs2, frs3, rm' } as const;
const moving = {
  ...common,
  syntax: 'frd, frs1, frs2',
  timing: 'floatMove',
  spec: 'unpriv 21.4',
} as const;
const comparing = {
  ...common,
  syntax: 'rd, frs1, frs2',
  timing: 'floatToInteger',
  spec: 'unpriv 21.6',
} as const;

/** Arithmetic in double precision, rounded. */
export const doubleArithmeticInstructions = [
  defineInstruction({
    ...arithmetic,
    name: 'fadd.d',
    encoding: '0000001 frs2 frs1 rm[2:0] frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [write(frd, float('add', 'd', frs1, frs2))],
  }),
  defineInstruction({
    ...arithmetic,
    name: 'fsub.d',
    encoding: '0000101 frs2 frs1 rm[2:0] frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [write(frd, float('add', 'd', frs1, negated('d', frs2)))],
  }),
  defineInstruction({
    ...arithmetic,
    name: 'fmul.d',
    encoding: '0001001 frs2 frs1 rm[2:0] frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [write(frd, float('multiply', 'd', frs1, frs2))],
  }),
  defineInstruction({
    ...arithmetic,
    name: 'fdiv.d',
    encoding: '0001101 frs2 frs1 rm[2:0] frd 1010011',
    timing: 'floatDivideDouble',
    semantics: ({ frd, frs1, frs2 }) => [write(frd, float('divide', 'd', frs1, frs2))],
  }),
  defineInstruction({
    ...arithmetic,
    name: 'fsqrt.d',
    encoding: '0101101 00000 frs1 rm[2:0] frd 1010011',
    syntax: 'frd, frs1, rm',
    timing: 'floatSquareRootDouble',
    semantics: ({ frd, frs1 }) => [write(frd, float('squareRoot', 'd', frs1))],
  }),
  defineInstruction({
    ...fused,
    name: 'fmadd.d',
    encoding: 'frs3 01 frs2 frs1 rm[2:0] frd 1000011',
    semantics: ({ frd, frs1, frs2, frs3 }) => [
      write(frd, float('multiplyAdd', 'd', frs1, frs2, frs3)),
    ],
  }),
  defineInstruction({
    ...fused,
    name: 'fmsub.d',
    encoding: 'frs3 01 frs2 frs1 rm[2:0] frd 1000111',
    semantics: ({ frd, frs1, frs2, frs3 }) => [
      write(frd, float('multiplyAdd', 'd', frs1, frs2, negated('d', frs3))),
    ],
  }),
  defineInstruction({
    ...fused,
    name: 'fnmsub.d',
    encoding: 'frs3 01 frs2 frs1 rm[2:0] frd 1001011',
    semantics: ({ frd, frs1, frs2, frs3 }) => [
      write(frd, float('multiplyAdd', 'd', negated('d', frs1), frs2, frs3)),
    ],
  }),
  defineInstruction({
    ...fused,
    name: 'fnmadd.d',
    encoding: 'frs3 01 frs2 frs1 rm[2:0] frd 1001111',
    semantics: ({ frd, frs1, frs2, frs3 }) => [
      write(frd, float('multiplyAdd', 'd', negated('d', frs1), frs2, negated('d', frs3))),
    ],
  }),
] as const;

/** Signs, extremes, comparisons, classes and moves in double precision: nothing is rounded. */
export const doubleSelectionInstructions = [
  defineInstruction({
    ...moving,
    name: 'fsgnj.d',
    encoding: '0010001 frs2 frs1 000 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [write(frd, withSignOf('d', frs1, frs2))],
  }),
  defineInstruction({
    ...moving,
    name: 'fsgnjn.d',
    encoding: '0010001 frs2 frs1 001 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [write(frd, withSignOf('d', frs1, negated('d', frs2)))],
  }),
  defineInstruction({
    ...moving,
    name: 'fsgnjx.d',
    encoding: '0010001 frs2 frs1 010 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [write(frd, withSignsMultiplied('d', frs1, frs2))],
  }),
  defineInstruction({
    ...moving,
    name: 'fmin.d',
    encoding: '0010101 frs2 frs1 000 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [write(frd, floatExtreme('minimum', 'd', frs1, frs2))],
  }),
  defineInstruction({
    ...moving,
    name: 'fmax.d',
    encoding: '0010101 frs2 frs1 001 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [write(frd, floatExtreme('maximum', 'd', frs1, frs2))],
  }),
  defineInstruction({
    ...comparing,
    name: 'feq.d',
    encoding: '1010001 frs2 frs1 010 rd 1010011',
    semantics: ({ rd, frs1, frs2 }) => [write(rd, floatCompare('equal', 'd', frs1, frs2))],
  }),
  defineInstruction({
    ...comparing,
    name: 'flt.d',
    encoding: '1010001 frs2 frs1 001 rd 1010011',
    semantics: ({ rd, frs1, frs2 }) => [write(rd, floatCompare('less', 'd', frs1, frs2))],
  }),
  defineInstruction({
    ...comparing,
    name: 'fle.d',
    encoding: '1010001 frs2 frs1 000 rd 1010011',
    semantics: ({ rd, frs1, frs2 }) => [write(rd, floatCompare('lessOrEqual', 'd', frs1, frs2))],
  }),
  defineInstruction({
    ...comparing,
    name: 'fclass.d',
    encoding: '1110001 00000 frs1 001 rd 1010011',
    syntax: 'rd, frs1',
    spec: 'unpriv 21.7',
    semantics: ({ rd, frs1 }) => [write(rd, classified('d', frs1))],
  }),
  defineInstruction({
    ...comparing,
    name: 'fmv.x.d',
    encoding: '1110001 00000 frs1 000 rd 1010011',
    syntax: 'rd, frs1',
    semantics: ({ rd, frs1 }) => [write(rd, frs1)],
    spec: 'unpriv 21.5',
  }),
  defineInstruction({
    ...moving,
    name: 'fmv.d.x',
    encoding: '1111001 00000 rs1 000 frd 1010011',
    syntax: 'frd, rs1',
    semantics: ({ frd, rs1 }) => [write(frd, rs1)],
    spec: 'unpriv 21.5',
  }),
] as const;
