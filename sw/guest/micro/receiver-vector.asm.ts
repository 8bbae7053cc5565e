import { defineAssembly, registers } from '../../toolchain/index.ts';

const { a0, gp, ra, s0, s1, s2, s3, s4, s5, sp, t0, tp, zero } = registers;

/** Registers that are saved as they are found; sp and tp have been exchanged by then. */
const found = Object.values(registers).filter(
  (each) => each !== zero && each !== sp && each !== tp,
);
/** What is saved after them: the interrupted sp, and what the CSRs tell of the trap and of tp. */
const told = [s0, s1, s2, s3, s4, s5];
const wordBytes = 8;
const frameBytes = 8 * 36;

/**
 * Takes an interrupt of the kernel the way Linux 5.17 does, the receiver of the paper's experiment, up to its first function: sscratch is 0 in
 * the kernel and tp the hart's block; all registers and five CSRs go to the stack that was interrupted; SUM and FS are cleared; gp, the return address
 * and the argument are set. `linux arch/riscv/kernel/entry.S`, `evaluation 2.5`
 */
export const receiverVector = defineAssembly('receiver_vector', (a, { offsetOf, constant }) => {
  const fromUser = a.label('from_user');
  const isException = a.label('exception');
  const done = a.label('done');
  const kernelSp = offsetOf('GuestHart', 'kernelSp');
  const interruptedSp = offsetOf('GuestHart', 'x2');

  a.align(4);
  a.csrrw(tp, 'sscratch', tp);
  a.bnez(tp, fromUser);
  a.csrr(tp, 'sscratch');
  a.sd(sp, kernelSp, tp);
  a.place(fromUser);
  a.sd(sp, interruptedSp, tp);
  a.ld(sp, kernelSp, tp);
  a.addi(sp, sp, -frameBytes);
  found.forEach((register, slot) => {
    a.sd(register, wordBytes * slot, sp);
  });
  a.li(t0, constant('USER_STATE'));
  a.ld(s0, interruptedSp, tp);
  a.csrrc(s1, 'sstatus', t0);
  a.csrr(s2, 'sepc');
  a.csrr(s3, 'stval');
  a.csrr(s4, 'scause');
  a.csrr(s5, 'sscratch');
  told.forEach((register, slot) => {
    a.sd(register, wordBytes * (found.length + slot), sp);
  });
  a.csrw('sscratch', zero);
  a.la(gp, 'data_start');
  a.la(ra, done);
  a.bgez(s4, isException);
  a.mv(a0, tp);
  a.tail('on_trap');
  a.place(isException);
  a.mv(a0, tp);
  a.tail('on_trap');

  a.place(done);
  a.ld(s1, wordBytes * (found.length + 1), sp);
  a.ld(s2, wordBytes * (found.length + 2), sp);
  a.csrw('sstatus', s1);
  a.csrw('sepc', s2);
  found.forEach((register, slot) => {
    a.ld(register, wordBytes * slot, sp);
  });
  a.addi(sp, sp, frameBytes);
  a.sret();
});

/** `take_interrupts_in_kernel(hart)`: from now on this hart takes traps at `receiver_vector`. */
export const takeInterruptsInKernel = defineAssembly('take_interrupts_in_kernel', (a) => {
  a.mv(tp, a0);
  a.csrw('sscratch', zero);
  a.la(t0, 'receiver_vector');
  a.csrw('stvec', t0);
  a.ret();
});
