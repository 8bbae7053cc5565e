import test from 'ava';
import { mstatus } from '../../hw/isa/index.ts';
import { runToBreak, takesWithFloat } from './run-to-break.ts';

// Counts follow docs/timing.md, "Floating point".
test(
  'independent operations take one cycle each',
  takesWithFloat,
  'fadd.d f1, f2, f3\nfadd.d f4, f5, f6',
  2,
);
test(
  'a sum of doubles is there after six cycles',
  takesWithFloat,
  'fadd.d f1, f2, f3\nfadd.d f4, f1, f1',
  7,
);
test('a sum of singles after four', takesWithFloat, 'fadd.s f1, f2, f3\nfadd.s f4, f1, f1', 5);
test(
  'a third operand is waited for too',
  takesWithFloat,
  'fmul.d f1, f2, f3\nfmadd.d f4, f5, f6, f1',
  7,
);
test('so is an operand to store', takesWithFloat, 'fadd.d f1, f2, f3\nfsd f1, 0(a1)', 7);
test('and a register to write', takesWithFloat, 'fadd.d f1, f2, f3\nfmv.d.x f1, a0', 7);
test(
  'an instruction in between hides one cycle',
  takesWithFloat,
  'fadd.d f1, f2, f3\nnop\nfadd.d f4, f1, f1',
  7,
);
test(
  'register f0 is waited for like the others',
  takesWithFloat,
  'fadd.s f0, f2, f3\nfadd.s f4, f0, f0',
  5,
);
test(
  'an integer register of the same number is another',
  takesWithFloat,
  'fadd.d f10, f2, f3\nadd a2, a0, a0',
  2,
);
test('and the other way round', takesWithFloat, 'ld a0, 0(a1)\nfadd.d f1, f10, f10', 2);
test(
  'an overwritten sum is not waited for',
  takesWithFloat,
  'fadd.d f1, f2, f3\nfmv.d.x f1, a0\nfadd.s f4, f1, f1',
  11,
);
test(
  'a loaded number is there after four cycles',
  takesWithFloat,
  'fld f1, 0(a1)\nfadd.d f4, f1, f1',
  5,
);
test(
  'a load waits for its address as other loads do',
  takesWithFloat,
  'addi a2, a1, 0\nfld f1, 0(a2)',
  2,
);
test('a moved number is there after four', takesWithFloat, 'fmv.d.x f1, a0\nfadd.d f4, f1, f1', 5);
test('a comparison after three', takesWithFloat, 'flt.d a0, f1, f2\nadd a2, a0, a0', 4);
test(
  'three instructions in between hide three cycles',
  takesWithFloat,
  'fadd.d f1, f2, f3\nnop\nnop\nnop\nfadd.d f4, f1, f1',
  7,
);
test(
  'five hide all of them',
  takesWithFloat,
  'fadd.d f1, f2, f3\nnop\nnop\nnop\nnop\nnop\nfadd.d f4, f1, f1',
  7,
);
// The load commits in cycle 1, its user in 5; the first sum is there in 6.
test(
  'so does what another instruction waits for',
  takesWithFloat,
  'fadd.d f1, f2, f3\nfld f5, 0(a1)\nfadd.s f6, f5, f5\nfadd.d f7, f1, f1',
  7,
);
// In cycles 0 to 3, 6 to 9 and 12 to 15: the first of each round waits, and the others with it.
test(
  'four sums that go on wait once a round',
  takesWithFloat,
  'fadd.d f1, f1, f9\nfadd.d f2, f2, f9\nfadd.d f3, f3, f9\nfadd.d f4, f4, f9\n'.repeat(3),
  16,
);
// The product takes 4 cycles, from 1 on.
test(
  'and a product of integers',
  takesWithFloat,
  'fadd.d f1, f2, f3\nmul a2, a3, a4\nfadd.d f4, f1, f1',
  7,
);
// A first jump takes two cycles.
test(
  'a jump hides no more than its time',
  takesWithFloat,
  'fadd.d f1, f2, f3\nj 1f\n1: fadd.d f4, f1, f1',
  7,
);
test('nor does a flush', takesWithFloat, 'fadd.d f1, f2, f3\ncsrw mie, x0\nfadd.d f4, f1, f1', 7);
test('loads are waited for on behalf of floating point, too', (t) => {
  const { leaves } = runToBreak('fld f1, 0(a1)\nfadd.d f4, f1, f1', { float: true }, ({ hart }) => {
    hart.csrs.setFields(mstatus, { fs: 1n });
  });
  t.deepEqual(leaves, { issue: 2, float: 3 });
});
test(
  'division in double precision holds the pipeline',
  takesWithFloat,
  'fdiv.d f1, f2, f3\nnop',
  58,
);
test('and in single precision', takesWithFloat, 'fdiv.s f1, f2, f3\nfadd.s f4, f1, f1', 29);
test('so does a square root', takesWithFloat, 'fsqrt.d f1, f2\nfsqrt.s f3, f4', 84);
