import { defineAssembly, registers } from '../../toolchain/index.ts';

const { a0, ra, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, sp, t0, zero } = registers;

const keptForCaller = [ra, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11];
const savedRegisters = Object.values(registers).filter(
  (register) => register !== zero && register !== a0,
);
const frameBytes = 112;

/**
 * The trap vector, and `run_user(hart)`: goes to user mode with the hart's saved registers and sepc, and returns when
 * `on_trap` gives anything but 0 ("back to the caller of run_user"). `on_trap(hart)` is the program's own; traps in it are lost.
 */
export const trapVector = defineAssembly('trap_vector', (a, { offsetOf }) => {
  const offsetOfRegister = (register: number): number => offsetOf('GuestHart', `x${register}`);
  const resume = a.label('resume');
  const leave = a.label('leave');

  a.csrrw(a0, 'sscratch', a0);
  for (const register of savedRegisters) a.sd(register, offsetOfRegister(register), a0);
  a.csrrw(t0, 'sscratch', a0);
  a.sd(t0, offsetOfRegister(a0), a0);
  a.ld(sp, offsetOf('GuestHart', 'trapSp'), a0);
  a.mv(s0, a0);
  a.call('on_trap');
  a.bnez(a0, leave);
  a.mv(a0, s0);

  a.place(resume);
  for (const register of savedRegisters) a.ld(register, offsetOfRegister(register), a0);
  a.ld(a0, offsetOfRegister(a0), a0);
  a.sret();

  a.place(leave);
  a.ld(sp, offsetOf('GuestHart', 'kernelSp'), s0);
  keptForCaller.forEach((register, slot) => {
    a.ld(register, 8 * slot, sp);
  });
  a.addi(sp, sp, frameBytes);
  a.ret();

  a.symbol('run_user');
  a.addi(sp, sp, -frameBytes);
  keptForCaller.forEach((register, slot) => {
    a.sd(register, 8 * slot, sp);
  });
  a.sd(sp, offsetOf('GuestHart', 'kernelSp'), a0);
  a.j(resume);
});
