import { defineAssembly, registers } from '../../toolchain/index.ts';

const { a0, ra, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, sp, t0, zero } = registers;

/** Registers that a function of the calling convention keeps for its caller, and the return address. */
const keptForCaller = [ra, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11];

/** Every register of the guest but x0, and but a0, which holds the vCPU until the last moment. */
const guestRegisters = Object.values(registers).filter(
  (register) => register !== zero && register !== a0,
);

const frameBytes = 112;

/**
 * `run_guest(vcpu)`: enters the guest and stays in the loop of entry, exit, handling until an exit stops the vCPU. Both ways
 * move the 31 guest registers and one CSR: uscratch holds the vCPU while the guest runs. The hypervisor's own registers need
 * no saving per exit, because the loop itself keeps nothing in them but the stack pointer. `duvisor 7.5`
 *
 * `vm_exit` is where utvec points.
 */
export const runGuest = defineAssembly('run_guest', (a, { offsetOf }) => {
  const offsetOfRegister = (register: number): number => offsetOf('Vcpu', `x${register}`);
  const stopped = a.label('stopped');

  a.addi(sp, sp, -frameBytes);
  keptForCaller.forEach((register, slot) => {
    a.sd(register, 8 * slot, sp);
  });
  a.sd(sp, offsetOf('Vcpu', 'hostSp'), a0);
  a.csrw('uscratch', a0);

  const enter = a.here('enter');
  a.probe('restore');
  for (const register of guestRegisters) a.ld(register, offsetOfRegister(register), a0);
  a.ld(a0, offsetOfRegister(a0), a0);
  a.huret();

  a.align(4);
  a.symbol('vm_exit');
  a.probe('save');
  a.csrrw(a0, 'uscratch', a0);
  for (const register of guestRegisters) a.sd(register, offsetOfRegister(register), a0);
  a.csrrw(t0, 'uscratch', a0);
  a.sd(t0, offsetOfRegister(a0), a0);
  a.ld(sp, offsetOf('Vcpu', 'hostSp'), a0);
  a.mv(s0, a0);
  a.probe('dispatch');
  a.call('handle_exit');
  a.bnez(a0, stopped);
  a.mv(a0, s0);
  a.j(enter);

  a.place(stopped);
  keptForCaller.forEach((register, slot) => {
    a.ld(register, 8 * slot, sp);
  });
  a.addi(sp, sp, frameBytes);
  a.ret();
});
