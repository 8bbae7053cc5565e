import { defineAssembly, registers } from '../toolchain/index.ts';

const { a0, a1, a2, a3, a4, a5, t0, t1, t2, t3, t4, zero } = registers;

/**
 * guarded_load(address, count, status, fault): reads `count` bytes (1-8, little endian) one by one with `status` in mstatus,
 * so that MPRV makes them accesses of another mode. A trap meanwhile ends it: fault.happened = 1, fault.status = mstatus of that
 * trap, mcause and mtval tell the rest.
 */
export const guardedLoad = defineAssembly('guarded_load', (a, { offsetOf }) => {
  const recover = a.label('recover');
  const leave = a.label('leave');
  a.sd(zero, offsetOf('Fault', 'happened'), a3);
  a.la(t0, recover);
  a.csrrw(t1, 'mtvec', t0);
  a.li(a4, 0);
  a.li(a5, 0);
  a.csrrw(t2, 'mstatus', a2);
  const next = a.here();
  a.lbu(t3, 0, a0);
  a.sll(t3, t3, a5);
  a.or(a4, a4, t3);
  a.addi(a0, a0, 1);
  a.addi(a5, a5, 8);
  a.addi(a1, a1, -1);
  a.bnez(a1, next);
  a.place(leave);
  a.csrw('mstatus', t2);
  a.csrw('mtvec', t1);
  a.mv(a0, a4);
  a.ret();
  a.align(4);
  a.place(recover);
  a.csrr(t3, 'mstatus');
  a.csrw('mstatus', t2);
  a.sd(t3, offsetOf('Fault', 'status'), a3);
  a.li(t4, 1);
  a.sd(t4, offsetOf('Fault', 'happened'), a3);
  a.j(leave);
});

/** guarded_store(address, count, value, status, fault): the same for stores. */
export const guardedStore = defineAssembly('guarded_store', (a, { offsetOf }) => {
  const recover = a.label('recover');
  const leave = a.label('leave');
  a.sd(zero, offsetOf('Fault', 'happened'), a4);
  a.la(t0, recover);
  a.csrrw(t1, 'mtvec', t0);
  a.csrrw(t2, 'mstatus', a3);
  const next = a.here();
  a.sb(a2, 0, a0);
  a.srli(a2, a2, 8);
  a.addi(a0, a0, 1);
  a.addi(a1, a1, -1);
  a.bnez(a1, next);
  a.place(leave);
  a.csrw('mstatus', t2);
  a.csrw('mtvec', t1);
  a.ret();
  a.align(4);
  a.place(recover);
  a.csrr(t3, 'mstatus');
  a.csrw('mstatus', t2);
  a.sd(t3, offsetOf('Fault', 'status'), a4);
  a.li(t4, 1);
  a.sd(t4, offsetOf('Fault', 'happened'), a4);
  a.j(leave);
});
