import { defineAssembly, registers } from '../../toolchain/index.ts';
import { previousSupervisor, previousVirtual, setBits } from '../runtime/guest.asm.ts';
import { LOADS, LOADS_A_TURN } from './limits.ts';

const { a0, ra, s0, sp, t0, t1 } = registers;

/** `iteration(base)`: a guest follows the chain for a while; where it came to is kept at `base`. */
export const chase = defineAssembly('iteration', (a) => {
  const guest = a.label();
  const handler = a.label();
  a.addi(sp, sp, -16);
  a.sd(ra, 0, sp);
  a.sd(s0, 8, sp);
  a.mv(s0, a0);
  a.call('createGuestSpace');
  a.mv(a0, s0);
  a.call('prepareChain');
  a.la(t0, handler);
  a.csrw('stvec', t0);
  a.la(t0, guest);
  a.csrw('sepc', t0);
  setBits(a, 'hstatus', previousVirtual, t0);
  setBits(a, 'sstatus', previousSupervisor, t0);
  a.li(t1, LOADS / LOADS_A_TURN);
  a.sret();

  a.place(guest);
  const again = a.here();
  for (let load = 0; load < LOADS_A_TURN; load++) a.ld(a0, 0, a0);
  a.addi(t1, t1, -1);
  a.bnez(t1, again);
  a.ecall();

  a.align(4);
  a.place(handler);
  a.sd(a0, 0, s0);
  a.csrr(a0, 'scause');
  a.ld(ra, 0, sp);
  a.ld(s0, 8, sp);
  a.addi(sp, sp, 16);
  a.ret();
});
