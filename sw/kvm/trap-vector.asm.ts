import { defineAssembly, registers, type RegisterName } from '../toolchain/index.ts';

const { sp, t0, t1 } = registers;
/** What a function may change. */
const scratch: readonly RegisterName[] = [
  ...(['ra', 't0', 't1', 't2', 't3', 't4', 't5', 't6'] as const),
  ...(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'] as const),
];
const frameBytes = 144;

/** Where traps of the kernel go while it handles an exit: interrupts of the host, on the stack of what they interrupt. */
export const trapVector = defineAssembly('kvm_trap_vector', (a) => {
  a.align(4);
  a.addi(sp, sp, -frameBytes);
  scratch.forEach((name, slot) => {
    a.sd(registers[name], 8 * slot, sp);
  });
  a.csrr(t0, 'sepc');
  a.csrr(t1, 'sstatus');
  a.sd(t0, 8 * scratch.length, sp);
  a.sd(t1, 8 * scratch.length + 8, sp);
  a.call('onKernelInterrupt');
  a.ld(t0, 8 * scratch.length, sp);
  a.ld(t1, 8 * scratch.length + 8, sp);
  a.csrw('sepc', t0);
  a.csrw('sstatus', t1);
  scratch.forEach((name, slot) => {
    a.ld(registers[name], 8 * slot, sp);
  });
  a.addi(sp, sp, frameBytes);
  a.sret();
});
