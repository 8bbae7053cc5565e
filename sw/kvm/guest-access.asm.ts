import { defineAssembly, registers } from '../toolchain/index.ts';

const { a0, a1, a2, t0, t1, t2, t3, zero } = registers;

/**
 * `kvm_read_instruction(pc, hstatus)`: the guest's instruction at its pc, read as the guest would fetch it, two bytes at a time because it
 * may cross a page; 0 when the guest's tables no longer lead there. Interrupts of the host are off. `priv 18.3`
 */
export const readInstruction = defineAssembly('kvm_read_instruction', (a) => {
  const failed = a.label('failed');
  const done = a.label('done');
  a.la(t0, failed);
  a.csrrw(t0, 'stvec', t0);
  a.csrrw(t1, 'hstatus', a1);
  a.hlvx_hu(t2, a0);
  a.addi(t3, zero, 3);
  a.and(a1, t2, t3);
  a.bne(a1, t3, done);
  a.addi(a0, a0, 2);
  a.hlvx_hu(t3, a0);
  a.slli(t3, t3, 16);
  a.or(t2, t2, t3);
  a.j(done);
  a.align(4);
  a.place(failed);
  a.li(t2, 0);
  a.place(done);
  a.csrw('hstatus', t1);
  a.csrw('stvec', t0);
  a.mv(a0, t2);
  a.ret();
});

/**
 * `kvm_read_word(address, hstatus, result)`: stores the doubleword at a virtual address of the guest, as its supervisor or user program
 * would load it; 1, or 0 when it cannot be loaded. Interrupts of the host are off. `priv 18.3`
 */
export const readWord = defineAssembly('kvm_read_word', (a) => {
  const failed = a.label('failed');
  const done = a.label('done');
  a.la(t0, failed);
  a.csrrw(t0, 'stvec', t0);
  a.csrrw(t1, 'hstatus', a1);
  a.hlv_d(t2, a0);
  a.sd(t2, 0, a2);
  a.li(a0, 1);
  a.j(done);
  a.align(4);
  a.place(failed);
  a.li(a0, 0);
  a.place(done);
  a.csrw('hstatus', t1);
  a.csrw('stvec', t0);
  a.ret();
});
