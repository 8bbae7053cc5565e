import { defineAssembly, registers } from '../../toolchain/index.ts';
import { HART_STACK_BYTES } from './limits.ts';

const { a0, a1, s1, sp, t0, t1 } = registers;

/**
 * Where every hart of a guest program begins, first or started by HSM: a0 = hart number, a1 = device tree or the opaque
 * argument (sbi 9.1). Calls `main(GuestHart, argument)`, whose result is the reason for the shutdown.
 */
export const guestStart = defineAssembly('guest_start', (a) => {
  a.la(sp, 'hart_stacks');
  a.li(t0, HART_STACK_BYTES);
  a.addi(t1, a0, 1);
  a.mul(t1, t1, t0);
  a.add(sp, sp, t1);
  a.mv(s1, a1);
  a.call('prepare_hart');
  a.mv(a1, s1);
  a.call('main');
  a.call('shut_down');
  a.ebreak();
});
