import test from 'ava';
import { takes } from './run-to-break.ts';

// Counts follow docs/timing.md, "Branch".
test('a branch not taken, predicted so', takes, 'bnez x0, 1f\n1:', 1);
test('a branch taken for the first time', takes, 'beqz x0, 1f\nnop\n1:', 4);
test(
  'a loop of four turns: each turn meets a history that it has not seen',
  takes,
  'li a0, 4\n1: addi a0, a0, -1\nbnez a0, 1b',
  18,
);

// Each turn the branch is fetched once more, behind the CSR write: its histories are 0, 01 and 0101 (the oldest outcome first), of which
// the third one chooses the same predictor as the first, which says taken by then. Turns of 7 cycles, and three mispredictions.
test(
  'a branch behind a CSR write leaves an outcome more',
  takes,
  'li a0, 3\n1: csrw mtvec, x0\naddi a0, a0, -1\nbnez a0, 1b',
  31,
);
// The device answers eight cycles behind a store: the second one of a turn comes again twice, which takes ten cycles, the first one of the
// second turn once, as the branch before it took four, and of the third one as well. Each leaves an outcome as it is predicted, not taken: the
// branch's predictors are those of the histories 0, 001000 and 0010001000 (the oldest outcome first), three different ones.
// 2 + (1 + 11 + 2 + 3) + (1 + 5 + 11 + 2 + 3) + (1 + 5 + 11 + 2).
test(
  'a branch behind an access to a device that is refused leaves one, too',
  takes,
  'li a0, 3\nlui t0, 0x100\n1: sd x0, 8(t0)\nsd x0, 8(t0)\naddi a0, a0, -1\nbnez a0, 1b',
  60,
);
// Behind the branch, and behind more than three words, there is nothing in vain: each turn meets a new history.
test(
  'a branch four words behind a CSR write does not',
  takes,
  'li a0, 3\n1: csrw mtvec, x0\nnop\nnop\nnop\naddi a0, a0, -1\nbnez a0, 1b',
  37,
);

// Counts follow docs/timing.md, "Jump".
test('a jump that the target buffer does not hold', takes, 'j 1f\nnop\n1:', 2);
test(
  'the same jump again',
  takes,
  'li a0, 2\nj 2f\n1: addi a0, a0, -1\nbeqz a0, 3f\n2: j 1b\n3:',
  13,
);
test('an indirect jump without known target', takes, 'la t2, 1f\njr t2\nnop\n1:', 6);
test(
  'call and return: the target of the return comes from the stack',
  takes,
  'call 1f\nj 2f\n1: nop\nnop\nret\n2:',
  11,
);
// One cycle of setup and 2 for the first call. Turns: call 2, return 2, 1, branch 4; then call 1, return 4, for the stack still ends with the first call,
// 1, branch 4; the last one has a branch predicted right, and a jump of 2.
test(
  'a return in the first word of what is called does not see the call',
  takes,
  'li a0, 3\njal ra, 1f\n1: jal ra, 2f\naddi a0, a0, -1\nbnez a0, 1b\nj 3f\n2: ret\n3:',
  31,
);
test(
  'one in the second word does',
  takes,
  'li a0, 3\njal ra, 1f\n1: jal ra, 2f\naddi a0, a0, -1\nbnez a0, 1b\nj 3f\n2: nop\nret\n3:',
  28,
);
// A cycle of setup and 2 for the call; two turns of 5, in which the branch is mispredicted, and one of 2; then the return, which has been fetched twice
// by then, so that the stack is empty, and a jump of 2.
test(
  'a return behind a branch that was mispredicted has been fetched in vain',
  takes,
  'li a0, 3\njal ra, 1f\nj 2f\n1: addi a0, a0, -1\nbnez a0, 1b\nret\n2:',
  21,
);
test(
  'one four words behind has not',
  takes,
  'li a0, 3\njal ra, 1f\nj 2f\n1: addi a0, a0, -1\nbnez a0, 1b\nnop\nnop\nnop\nret\n2:',
  22,
);
test('a return that nobody called', takes, 'la ra, 1f\nret\nnop\n1:', 6);

// Counts follow docs/timing.md, "Trap entry" and "Trap return".
test(
  'an ecall with a minimal handler takes 15 cycles besides the setup',
  takes,
  'la t0, 1f\ncsrw mtvec, t0\necall\nj 2f\n.align 2\n1: csrr t1, mepc\naddi t1, t1, 4\ncsrw mepc, t1\nmret\n2:',
  24,
);

// Counts follow docs/timing.md, "Wait".
test('WFI with an interrupt pending', takes, 'csrsi mie, 2\ncsrsi mip, 2\nwfi', 15);
