import { defineAssembly, registers } from '../../toolchain/index.ts';
import {
  callExitHandler,
  environmentCallFromVS,
  previousSupervisor,
  previousVirtual,
  setBits,
} from '../runtime/guest.asm.ts';

const { a0, ra, sp, t0, t1, t2 } = registers;

const roundTrips = 2000;

/** `iteration`: a guest exits to HS mode and is resumed two thousand times, nine instructions each. */
export const exitToHypervisor = defineAssembly('iteration', (a) => {
  const guest = a.label();
  const handler = a.label();
  const done = a.label();
  a.addi(sp, sp, -16);
  a.sd(ra, 0, sp);
  a.call('createGuestSpace');
  a.ld(ra, 0, sp);
  a.addi(sp, sp, 16);
  a.la(t0, handler);
  a.csrw('stvec', t0);
  a.la(t0, guest);
  a.csrw('sepc', t0);
  setBits(a, 'hstatus', previousVirtual, t0);
  setBits(a, 'sstatus', previousSupervisor, t0);
  a.li(a0, roundTrips);
  a.li(t2, environmentCallFromVS);
  a.sret();

  a.place(guest);
  callExitHandler(a);

  a.align(4);
  a.place(handler);
  a.csrr(t1, 'scause');
  a.bne(t1, t2, done);
  a.csrr(t0, 'sepc');
  a.addi(t0, t0, 4);
  a.csrw('sepc', t0);
  a.sret();
  a.place(done);
  a.addi(a0, t1, 0);
  a.ret();
});
