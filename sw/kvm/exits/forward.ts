import * as cause from 'rv/cause';
import { copyBytes } from '../../shared/bytes.ts';
import { probe } from '../../shared/rv.ts';
import { Registers } from '../../shared/registers.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { ANSWER_RESUME, forwardedExit, KVM_EXIT_FORWARDED } from '../abi.ts';
import { slotOf } from '../memory-slots.ts';
import { KvmVcpu, OWES_FORWARDED } from '../vcpu/vcpu.ts';
import { handleExit } from './dispatch.ts';
import { exitedInstruction } from './instruction.ts';
import { CONTINUE, Next, TO_PROCESS } from './next.ts';
import { inExitHandler } from '../../planted-bugs/points.ts';

/**
 * The small part of the kernel under a hypervisor at user level without hardware for it (NOVA, DeHype): an exit goes to the process with the
 * guest's registers, and the process's answer comes back with them. What only a kernel may do it does when it is told to.
 */

/** Whether the kernel has to read the instruction for the process: a data access without memory behind it. */
function isDeviceAccess(vcpu: KvmVcpu, set: u64): bool {
  const isData =
    vcpu.scause == cause.loadGuestPageFault || vcpu.scause == cause.storeGuestPageFault;
  return isData && slotOf(vcpu.vm, set, vcpu.htval >> 10) === null;
}

/** Leaves an exit to the process. */
export function forwardExit(vcpu: KvmVcpu, set: u64): Next {
  // interrupts of the host have been taken already
  if ((vcpu.scause & INTERRUPT) != 0) return CONTINUE;
  probe('transfer');
  inExitHandler(changetype<usize>(vcpu));
  const exit = forwardedExit(vcpu.run);
  vcpu.run.exitReason = KVM_EXIT_FORWARDED;
  copyBytes(changetype<usize>(exit), changetype<usize>(vcpu), offsetof<Registers>());
  exit.pc = vcpu.sepc;
  exit.cause = vcpu.scause;
  exit.value = vcpu.stval;
  exit.guestAddress = vcpu.htval;
  exit.instruction = isDeviceAccess(vcpu, set) ? exitedInstruction(vcpu) : 0;
  vcpu.owed = OWES_FORWARDED;
  return TO_PROCESS;
}

/** Takes what the process made of a forwarded exit. */
export function takeForwarded(vcpu: KvmVcpu, set: u64): Next {
  const exit = forwardedExit(vcpu.run);
  if (exit.answer != ANSWER_RESUME) return handleExit(vcpu, set);
  copyBytes(changetype<usize>(vcpu), changetype<usize>(exit), offsetof<Registers>());
  vcpu.zero = 0;
  vcpu.sepc = exit.pc;
  return CONTINUE;
}
