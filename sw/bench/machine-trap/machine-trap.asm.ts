import { defineAssembly, registers } from '../../toolchain/index.ts';

const { a0, t0, t1, t2, zero } = registers;

const roundTrips = 2000;
const environmentCallFromS = 9;

/** `iteration`: two thousand calls of machine mode, nine instructions each with those of the handler. */
export const callMachine = defineAssembly('iteration', (a) => {
  a.li(a0, roundTrips);
  a.li(t2, environmentCallFromS);
  const again = a.here();
  a.ecall();
  a.addi(a0, a0, -1);
  a.bnez(a0, again);
  a.ret();
});

/** Returns behind the call, after making sure that it was one. */
export const machineTrap = defineAssembly('machine_trap', (a) => {
  const unexpected = a.label();
  a.csrr(t1, 'mcause');
  a.bne(t1, t2, unexpected);
  a.csrr(t0, 'mepc');
  a.addi(t0, t0, 4);
  a.csrw('mepc', t0);
  a.mret();
  a.place(unexpected);
  a.addi(a0, zero, 3);
  a.tail('finish');
});
