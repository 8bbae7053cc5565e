import {
  boxed,
  classified,
  float,
  floatCompare,
  floatExtreme,
  i64,
  negated,
  unboxed,
  withSignOf,
  withSignsMultiplied,
  write,
} from '../semantics/index.ts';
import { floatEnabled } from './float-guard.ts';
import { defineInstruction } from './instruction.ts';

const common = { extension: 'f', guard: floatEnabled } as const;
const arithmetic = {
  ...common,
  syntax: 'frd, frs1, frs2, rm',
  timing: 'floatSingle',
  spec: 'unpriv 20.6',
} as const;
const fused = { ...arithmetic, syntax: 'frd, frs1, frs2, frs3, rm' } as const;
const moving = {
  ...common,
  syntax: 'frd, frs1, frs2',
  timing: 'floatMove',
  spec: 'unpriv 20.6',
} as const;
const comparing = {
  ...common,
  syntax: 'rd, frs1, frs2',
  timing: 'floatToInteger',
  spec: 'unpriv 20.8',
} as const;

/** Arithmetic in single precision, rounded. */
export const singleArithmeticInstructions = [
  defineInstruction({
    ...arithmetic,
    name: 'fadd.s',
    encoding: '0000000 frs2 frs1 rm[2:0] frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [
      write(frd, float('add', 's', unboxed(frs1), unboxed(frs2))),
    ],
  }),
  defineInstruction({
    ...arithmetic,
    name: 'fsub.s',
    encoding: '0000100 frs2 frs1 rm[2:0] frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [
      write(frd, float('add', 's', unboxed(frs1), negated('s', unboxed(frs2)))),
    ],
  }),
  defineInstruction({
    ...arithmetic,
    name: 'fmul.s',
    encoding: '0001000 frs2 frs1 rm[2:0] frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [
      write(frd, float('multiply', 's', unboxed(frs1), unboxed(frs2))),
    ],
  }),
  defineInstruction({
    ...arithmetic,
    name: 'fdiv.s',
    encoding: '0001100 frs2 frs1 rm[2:0] frd 1010011',
    timing: 'floatDivideSingle',
    semantics: ({ frd, frs1, frs2 }) => [
      write(frd, float('divide', 's', unboxed(frs1), unboxed(frs2))),
    ],
  }),
  defineInstruction({
    ...arithmetic,
    name: 'fsqrt.s',
    encoding: '0101100 00000 frs1 rm[2:0] frd 1010011',
    syntax: 'frd, frs1, rm',
    timing: 'floatSquareRootSingle',
    semantics: ({ frd, frs1 }) => [write(frd, float('squareRoot', 's', unboxed(frs1)))],
  }),
  defineInstruction({
    ...fused,
    name: 'fmadd.s',
    encoding: 'frs3 00 frs2 frs1 rm[2:0] frd 1000011',
    semantics: ({ frd, frs1, frs2, frs3 }) => [
      write(frd, float('multiplyAdd', 's', unboxed(frs1), unboxed(frs2), unboxed(frs3))),
    ],
  }),
  defineInstruction({
    ...fused,
    name: 'fmsub.s',
    encoding: 'frs3 00 frs2 frs1 rm[2:0] frd 1000111',
    semantics: ({ frd, frs1, frs2, frs3 }) => [
      write(
        frd,
        float('multiplyAdd', 's', unboxed(frs1), unboxed(frs2), negated('s', unboxed(frs3))),
      ),
    ],
  }),
  defineInstruction({
    ...fused,
    name: 'fnmsub.s',
    encoding: 'frs3 00 frs2 frs1 rm[2:0] frd 1001011',
    semantics: ({ frd, frs1, frs2, frs3 }) => [
      write(
        frd,
        float('multiplyAdd', 's', negated('s', unboxed(frs1)), unboxed(frs2), unboxed(frs3)),
      ),
    ],
  }),
  defineInstruction({
    ...fused,
    name: 'fnmadd.s',
    encoding: 'frs3 00 frs2 frs1 rm[2:0] frd 1001111',
    semantics: ({ frd, frs1, frs2, frs3 }) => [
      write(
        frd,
        float(
          'multiplyAdd',
          's',
          negated('s', unboxed(frs1)),
          unboxed(frs2),
          negated('s', unboxed(frs3)),
        ),
      ),
    ],
  }),
] as const;

/** Signs, extremes, comparisons, classes and moves in single precision: nothing is rounded. */
export const singleSelectionInstructions = [
  defineInstruction({
    ...moving,
    name: 'fsgnj.s',
    encoding: '0010000 frs2 frs1 000 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [
      write(frd, boxed(withSignOf('s', unboxed(frs1), unboxed(frs2)))),
    ],
  }),
  defineInstruction({
    ...moving,
    name: 'fsgnjn.s',
    encoding: '0010000 frs2 frs1 001 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [
      write(frd, boxed(withSignOf('s', unboxed(frs1), negated('s', unboxed(frs2))))),
    ],
  }),
  defineInstruction({
    ...moving,
    name: 'fsgnjx.s',
    encoding: '0010000 frs2 frs1 010 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [
      write(frd, boxed(withSignsMultiplied('s', unboxed(frs1), unboxed(frs2)))),
    ],
  }),
  defineInstruction({
    ...moving,
    name: 'fmin.s',
    encoding: '0010100 frs2 frs1 000 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [
      write(frd, floatExtreme('minimum', 's', unboxed(frs1), unboxed(frs2))),
    ],
  }),
  defineInstruction({
    ...moving,
    name: 'fmax.s',
    encoding: '0010100 frs2 frs1 001 frd 1010011',
    semantics: ({ frd, frs1, frs2 }) => [
      write(frd, floatExtreme('maximum', 's', unboxed(frs1), unboxed(frs2))),
    ],
  }),
  defineInstruction({
    ...comparing,
    name: 'feq.s',
    encoding: '1010000 frs2 frs1 010 rd 1010011',
    semantics: ({ rd, frs1, frs2 }) => [
      write(rd, floatCompare('equal', 's', unboxed(frs1), unboxed(frs2))),
    ],
  }),
  defineInstruction({
    ...comparing,
    name: 'flt.s',
    encoding: '1010000 frs2 frs1 001 rd 1010011',
    semantics: ({ rd, frs1, frs2 }) => [
      write(rd, floatCompare('less', 's', unboxed(frs1), unboxed(frs2))),
    ],
  }),
  defineInstruction({
    ...comparing,
    name: 'fle.s',
    encoding: '1010000 frs2 frs1 000 rd 1010011',
    semantics: ({ rd, frs1, frs2 }) => [
      write(rd, floatCompare('lessOrEqual', 's', unboxed(frs1), unboxed(frs2))),
    ],
  }),
  defineInstruction({
    ...comparing,
    name: 'fclass.s',
    encoding: '1110000 00000 frs1 001 rd 1010011',
    syntax: 'rd, frs1',
    spec: 'unpriv 20.9',
    semantics: ({ rd, frs1 }) => [write(rd, classified('s', unboxed(frs1)))],
  }),
  defineInstruction({
    ...comparing,
    name: 'fmv.x.w',
    encoding: '1110000 00000 frs1 000 rd 1010011',
    syntax: 'rd, frs1',
    semantics: ({ rd, frs1 }) => [write(rd, i64.extend32_s(frs1))],
    spec: 'unpriv 20.7',
  }),
  defineInstruction({
    ...moving,
    name: 'fmv.w.x',
    encoding: '1111000 00000 rs1 000 frd 1010011',
    syntax: 'frd, rs1',
    semantics: ({ frd, rs1 }) => [write(frd, boxed(rs1))],
    spec: 'unpriv 20.7',
  }),
] as const;
