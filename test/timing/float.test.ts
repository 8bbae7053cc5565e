import test from 'ava';
import { mstatus } from '../../hw/isa/index.ts';
import { type Run, runToBreak, takesWithFloat } from './run-to-break.ts';

function runFloat(text: string): Run {
  return runToBreak(text, { float: true }, ({ hart }) => {
    hart.csrs.setFields(mstatus, { fs: 1n });
  });
}

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
  const { leaves } = runFloat('fld f1, 0(a1)\nfadd.d f4, f1, f1');
  t.deepEqual(leaves, { issue: 2, float: 3 });
});
// Zeros are special operands, of which the unit makes one iteration: 4 cycles.
test(
  'a quotient of zeros is there after four cycles',
  takesWithFloat,
  'fdiv.d f1, f2, f3\nfsd f1, 0(a1)',
  5,
);
const values = `
  li a2, 3
  fcvt.d.l f3, a2
  li a2, 2
  fcvt.d.l f2, a2
  fcvt.s.d f5, f3
  fcvt.s.d f4, f2
  ${'nop\n'.repeat(6)}`;
const before = runFloat(values).cycles;
const division: readonly (readonly [string, string, number])[] = [
  ['57 where the significands have a quotient of at least 1', 'fdiv.d f1, f3, f2', 57],
  ['58 below', 'fdiv.d f1, f2, f3', 58],
  ['28 in single precision', 'fdiv.s f1, f5, f4', 28],
  ['29 below 1', 'fdiv.s f1, f4, f5', 29],
  ['56 of a root where the exponent is odd', 'fsqrt.d f1, f2', 56],
  ['27 in single precision', 'fsqrt.s f1, f4', 27],
  ['4 of what is no single', 'fsqrt.s f1, f2', 4],
];
for (const [title, text, gap] of division) {
  test(`the gap from a division is ${title}`, (t) => {
    t.is(runFloat(`${values}${text}\nfsd f1, 0(a1)`).cycles, before + gap + 1);
    // Integers do not wait.
    const hidden = 'nop\n'.repeat(gap - 1);
    t.is(runFloat(`${values}${text}\n${hidden}fsd f1, 0(a1)`).cycles, before + gap + 1);
  });
}
test('an even exponent takes an iteration more', (t) => {
  // 3 / 2 is there after 57 cycles.
  const text = `${values}fdiv.d f6, f3, f2\nfmv.x.d a3, f6\n`;
  t.is(runFloat(text).cycles, before + 57 + 1);
  t.is(runFloat(`${text}fsqrt.d f1, f6\nfsd f1, 0(a1)`).cycles, before + 57 + 1 + 57 + 1);
});
test('what meets a division comes again every five cycles', (t) => {
  // The division begins in cycle 0 and takes others from 54 on; they try in 1, 6 and so on, up to 56.
  const met = runFloat(`${values}fdiv.d f1, f3, f2\nfadd.d f6, f2, f2`);
  t.is(met.cycles, before + 57);
  // Its own destination is written first, in 57.
  t.is(runFloat(`${values}fdiv.d f1, f3, f2\nfadd.d f1, f2, f2`).cycles, before + 58);
});
