import { defineAssembly, registers } from '../toolchain/index.ts';

const { a0, a1, sp, t0, t1, tp } = registers;

/** First instruction of every hart: a0 = hart id, a1 = device tree. Gives the hart its block and stack; hart 0 boots, others wait. */
export const reset = defineAssembly('reset', (a, { constant, offsetOf, sizeOf }) => {
  const park = a.label('park');
  const waitForStart = a.label('wait_for_start');
  a.csrwi('mie', 0);
  a.li(t0, constant('HART_CAPACITY'));
  a.bgeu(a0, t0, park);
  a.li(t0, sizeOf('Hart'));
  a.mul(t0, t0, a0);
  a.la(tp, 'hart_blocks');
  a.add(tp, tp, t0);
  a.csrw('mscratch', tp);
  a.li(t0, constant('HART_STACK_BYTES'));
  a.addi(t1, a0, 1);
  a.mul(t0, t0, t1);
  a.la(sp, 'hart_stacks');
  a.add(sp, sp, t0);
  a.sd(sp, offsetOf('Hart', 'stackTop'), tp);
  a.sd(a0, offsetOf('Hart', 'id'), tp);
  a.la(t0, 'trap_vector');
  a.csrw('mtvec', t0);
  a.bnez(a0, waitForStart);
  a.mv(a0, a1);
  a.call('bootFirstHart');
  a.j('resume');
  a.place(waitForStart);
  a.call('bootLaterHart');
  a.j('resume');
  a.place(park);
  a.wfi();
  a.j(park);
});
