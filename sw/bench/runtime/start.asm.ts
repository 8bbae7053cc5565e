import { defineAssembly, registers } from '../../toolchain/index.ts';
import { STACK_BYTES } from './limits.ts';

const { a0, ra, s0, sp, t0, t1 } = registers;

const unexpectedTrapCode = 3;
const supervisorPrevious = 0x0800;
const floatInitial = 0x2000;
/** Exceptions that supervisor mode handles: environment calls from U and VS. */
const delegated = (1 << 8) | (1 << 10);
/** pmpcfg bytes of ranges that are everything, and allow everything: for V=1 (DV-Ext), and for all. */
const virtualRange = 0x3f;
const range = 0x1f;

/**
 * First instruction of every hart, in M mode: harts that take part open all memory to supervisor mode, make the address
 * space and go to `repeat(hart)` in it; the others sleep. Traps that come to M mode go to `machine_trap`.
 */
export const start = defineAssembly('start', (a) => {
  const sleep = a.label('sleep');
  a.csrwi('mie', 0);
  a.csrr(s0, 'mhartid');
  a.la(t0, 'hart_count');
  a.ld(t0, 0, t0);
  a.bgeu(s0, t0, sleep);
  a.la(t0, 'machine_trap');
  a.csrw('mtvec', t0);
  a.la(sp, 'stacks');
  a.addi(t0, s0, 1);
  a.li(t1, STACK_BYTES);
  a.mul(t0, t0, t1);
  a.add(sp, sp, t0);
  a.li(t0, -1);
  a.csrw('pmpaddr0', t0);
  a.csrw('pmpaddr1', t0);
  a.li(t0, (range << 8) | virtualRange);
  a.csrw('pmpcfg0', t0);
  a.li(t0, delegated);
  a.csrs('medeleg', t0);
  a.call('createAddressSpace');
  a.csrw('satp', a0);
  a.sfence_vma(registers.zero, registers.zero);
  a.li(t0, supervisorPrevious | floatInitial);
  a.csrs('mstatus', t0);
  a.la(t0, 'repeat');
  a.csrw('mepc', t0);
  a.mv(a0, s0);
  a.mv(ra, registers.zero);
  a.mret();
  a.place(sleep);
  a.wfi();
  a.j(sleep);
});

/** `machine_trap` of programs that expect none: any trap ends the run. */
export const unexpectedTrap = defineAssembly('machine_trap', (a) => {
  a.li(a0, unexpectedTrapCode);
  a.tail('finish');
});
