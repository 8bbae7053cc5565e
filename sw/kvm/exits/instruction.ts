import { disableInterrupts, enableInterrupts } from '../interrupts-off.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';

/** Assembly: guest-instruction.asm.ts. */
declare function kvm_read_instruction(pc: u64, hstatus: u64): u64;

/**
 * The instruction that exited, ready for `decodeAccess`; 0 when the guest's tables have changed meanwhile. A non-zero htinst is the
 * instruction in transformed form, whose bit 1 says whether the original had 4 bytes. `priv 18.6.3`
 */
export function exitedInstruction(vcpu: KvmVcpu): u32 {
  const transformed = <u32>vcpu.htinst;
  return transformed != 0 ? transformed | 2 : fetchInstruction(vcpu);
}

/** The instruction at the guest's pc, as the guest's memory has it. */
export function fetchInstruction(vcpu: KvmVcpu): u32 {
  disableInterrupts();
  const instruction = <u32>kvm_read_instruction(vcpu.sepc, vcpu.hstatus);
  enableInterrupts();
  return instruction;
}

/** Bytes of the instruction that exited, as `exitedInstruction` gave it. */
export function exitedBytes(vcpu: KvmVcpu, instruction: u32): u64 {
  const form = vcpu.htinst != 0 ? <u32>vcpu.htinst : instruction;
  if (vcpu.htinst != 0) return (form & 2) != 0 ? 4 : 2;
  return (form & 3) == 3 ? 4 : 2;
}
