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
