import { defineAssembly, registers } from '../../toolchain/index.ts';
import {
  callExitHandler,
  environmentCallFromVS,
  previousSupervisor,
  previousVirtual,
  setBits,
} from '../runtime/guest.asm.ts';
import { PROGRAM_BASE, USER_ALIAS } from '../runtime/limits.ts';

const { a0, a1, ra, sp, t0, t1, t2 } = registers;

const roundTrips = 2000;
const delegationEnabled = 1 << 9;

/** `iteration`: a guest exits to HU mode (DV-Ext) and is resumed two thousand times, nine instructions each. */
export const exitToUser = defineAssembly('iteration', (a) => {
  const user = a.label();
  const guest = a.label();
  const handler = a.label();
  const done = a.label();
  const back = a.label();
  a.addi(sp, sp, -16);
  a.sd(ra, 0, sp);
  a.call('createGuestSpace');
  a.ld(ra, 0, sp);
  a.addi(sp, sp, 16);
  setBits(a, 'hstatus', delegationEnabled, t0);
  setBits(a, 'sedeleg', 1 << environmentCallFromVS, t0);
  a.li(t0, previousVirtual);
  a.csrc('hstatus', t0);
  a.li(t0, previousSupervisor);
  a.csrc('sstatus', t0);
  a.la(t0, back);
  a.csrw('stvec', t0);
  a.li(a1, USER_ALIAS - PROGRAM_BASE);
  a.la(t0, handler);
  a.add(t0, t0, a1);
  a.csrw('utvec', t0);
  a.la(t0, guest);
  a.csrw('uepc', t0);
  a.la(t0, user);
  a.add(t0, t0, a1);
  a.csrw('sepc', t0);
  a.sret();

  a.place(user);
  setBits(a, 'hustatus', previousVirtual | previousSupervisor, t0);
  a.li(a0, roundTrips);
  a.li(t2, environmentCallFromVS);
  a.huret();

  a.place(guest);
  callExitHandler(a);

  a.align(4);
  a.place(handler);
  a.csrr(t1, 'ucause');
  a.bne(t1, t2, done);
  a.csrr(t0, 'uepc');
  a.addi(t0, t0, 4);
  a.csrw('uepc', t0);
  a.huret();
  a.place(done);
  a.ecall();

  a.align(4);
  a.place(back);
  a.csrr(a0, 'scause');
  a.ret();
});
