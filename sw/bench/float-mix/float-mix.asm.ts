import { assemble } from '../../../hw/isa/index.ts';
import { defineAssembly } from '../../toolchain/index.ts';
import {
  bitsOf,
  coefficients,
  constants,
  numberCount,
  points,
  polynomialRounds,
  size,
  stepLimit,
  vectorRounds,
} from './constants.asm.ts';

const dwords = (values: readonly number[]): string => {
  return values.map((value) => `.dword 0x${bitsOf(value).toString(16)}`).join('\n');
};
const loadConstants = Object.keys(constants).map((_, index) => {
  return `fld fa${String(index)}, ${String(8 * index)}(t0)`;
});
const horner = coefficients.slice(1).map((_, index) => {
  return `fld ft1, ${String(8 * index + 8)}(t6)\nfmadd.d ft2, ft2, ft0, ft1`;
});
const row = 8 * size;

/** Two matrices A (a1) and B (a2): A[i] = i × step + offset, B[i] = (last - i) / A[i]. */
const fill = `
  mv t1, a1
  mv t2, a2
  li t0, 0
  li t3, ${String(numberCount)}
1:
  fcvt.d.l ft0, t0
  fmadd.d ft1, ft0, fa0, fa1
  fsd ft1, 0(t1)
  fsub.d ft2, fa2, ft0
  fdiv.d ft2, ft2, ft1
  fsd ft2, 0(t2)
  addi t1, t1, 8
  addi t2, t2, 8
  addi t0, t0, 1
  bne t0, t3, 1b
`;

/** C (a3) = A × B by fused additions. */
const multiply = `
  mv t0, a1
  mv t3, a3
  li t4, ${String(size)}
1:
  mv t1, a2
  li t5, ${String(size)}
2:
  fmv.d.x ft0, zero
  mv t6, t0
  mv a4, t1
  li a5, ${String(size)}
3:
  fld ft1, 0(t6)
  fld ft2, 0(a4)
  fmadd.d ft0, ft1, ft2, ft0
  addi t6, t6, 8
  addi a4, a4, ${String(row)}
  addi a5, a5, -1
  bnez a5, 3b
  fsd ft0, 0(t3)
  addi t3, t3, 8
  addi t1, t1, 8
  addi t5, t5, -1
  bnez t5, 2b
  addi t0, t0, ${String(row)}
  addi t4, t4, -1
  bnez t4, 1b
`;

/** Each number x of C becomes p(x × scale) / √(x² + 1). */
const evaluate = `
  la t6, coefficients
  li t5, ${String(polynomialRounds)}
1:
  mv t3, a3
  li t4, ${String(numberCount)}
2:
  fld ft3, 0(t3)
  fmul.d ft0, ft3, fa4
  fld ft2, 0(t6)
  ${horner.join('\n')}
  fmadd.d ft3, ft3, ft3, fa3
  fsqrt.d ft3, ft3
  fdiv.d ft2, ft2, ft3
  fsd ft2, 0(t3)
  addi t3, t3, 8
  addi t4, t4, -1
  bnez t4, 2b
  addi t5, t5, -1
  bnez t5, 1b
`;

/** In single precision, vector Y (a2) = C, then Y = Y × step + C, again and again. */
const vectors = `
  fcvt.s.d fa0, fa0
  li t5, ${String(vectorRounds)}
1:
  mv t3, a3
  mv t2, a2
  li t4, ${String(numberCount)}
2:
  fld ft0, 0(t3)
  fcvt.s.d ft0, ft0
  flw ft1, 0(t2)
  fmul.s ft1, ft1, fa0
  fadd.s ft1, ft1, ft0
  fsw ft1, 0(t2)
  addi t3, t3, 8
  addi t2, t2, 4
  addi t4, t4, -1
  bnez t4, 2b
  addi t5, t5, -1
  bnez t5, 1b
  fcvt.d.s fa0, fa0
`;

/** Counts in a0 the steps that points of a plane take to escape. */
const fractal = `
  li a0, 0
  li t4, ${String(points)}
  fmv.d ft1, fa7
1:
  li t5, ${String(points)}
  fmv.d ft0, fa6
2:
  li t6, ${String(stepLimit)}
  fmv.d ft2, ft0
  fmv.d ft3, ft1
3:
  fmul.d ft4, ft2, ft2
  fmul.d ft5, ft3, ft3
  fadd.d ft6, ft4, ft5
  flt.d t0, fa5, ft6
  bnez t0, 4f
  fmul.d ft3, ft2, ft3
  fadd.d ft3, ft3, ft3
  fadd.d ft3, ft3, ft1
  fsub.d ft2, ft4, ft5
  fadd.d ft2, ft2, ft0
  addi t6, t6, -1
  bnez t6, 3b
4:
  add a0, a0, t6
  fadd.d ft0, ft0, fa0
  addi t5, t5, -1
  bnez t5, 2b
  fadd.d ft1, ft1, fa0
  addi t4, t4, -1
  bnez t4, 1b
`;

/** Folds C, Y and the least and greatest number of C into a0. */
const fold = `
  mv t3, a3
  mv t2, a2
  li t4, ${String(numberCount)}
  fld ft1, 0(t3)
  fmv.d ft2, ft1
1:
  fld ft0, 0(t3)
  lw t0, 0(t2)
  fmin.d ft1, ft1, ft0
  fmax.d ft2, ft2, ft0
  fmv.x.d t1, ft0
  slli t5, a0, 5
  sub a0, t5, a0
  add a0, a0, t1
  xor a0, a0, t0
  addi t3, t3, 8
  addi t2, t2, 4
  addi t4, t4, -1
  bnez t4, 1b
  fsub.d ft2, ft2, ft1
  fcvt.l.d t0, ft2, rtz
  fmv.x.d t1, ft1
  add a0, a0, t0
  xor a0, a0, t1
`;

const clearVector = `
  mv t2, a2
  li t4, ${String(numberCount)}
1:
  sw zero, 0(t2)
  addi t2, t2, 4
  addi t4, t4, -1
  bnez t4, 1b
`;

/** `iteration(base)`: matrices, a polynomial with root and quotient, vectors in single precision, a fractal. */
export const computeFloats = defineAssembly('iteration', (a) => {
  const { bytes } = assemble(`
    mv a1, a0
    li t0, 0x2000
    add a2, a1, t0
    add a3, a2, t0
    la t0, constants
    ${loadConstants.join('\n')}
    ${fill}
    ${multiply}
    ${evaluate}
    ${clearVector}
    ${vectors}
    ${fractal}
    ${fold}
    ret
    .align 3
    constants: ${dwords(Object.values(constants))}
    coefficients: ${dwords(coefficients)}
  `);
  a.align(8);
  a.word(...new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4));
});
