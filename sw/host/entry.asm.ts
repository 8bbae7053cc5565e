import { defineAssembly, registers } from '../toolchain/index.ts';

const { a0, a1, sp, t0, t1, tp } = registers;

/** First instruction of every hart in the kernel, paging off: a0 = hart id, a1 = device tree on the boot hart, 0 on later ones. */
export const entry = defineAssembly('entry', (a, { constant, offsetOf, sizeOf }) => {
  const later = a.label('later');
  a.li(t0, sizeOf('Hart'));
  a.mul(t0, t0, a0);
  a.la(tp, 'hart_blocks');
  a.add(tp, tp, t0);
  a.li(t0, constant('HART_STACK_BYTES'));
  a.addi(t1, a0, 1);
  a.mul(t0, t0, t1);
  a.la(sp, 'hart_stacks');
  a.add(sp, sp, t0);
  a.sd(sp, offsetOf('Hart', 'stackTop'), tp);
  a.la(t0, 'trap_vector');
  a.csrw('stvec', t0);
  a.beqz(a1, later);
  a.call('bootFirstHart');
  a.j('resume');
  a.place(later);
  a.call('bootLaterHart');
  a.j('resume');
});
