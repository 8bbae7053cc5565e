import * as cause from 'rv/cause';
import { probe } from '../../shared/rv.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { KVM_EXIT_INTERNAL_ERROR } from '../abi.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { sbiCall } from '../sbi/dispatch.ts';
import { guestPageFault } from './guest-page-fault.ts';
import { CONTINUE, Next, TO_PROCESS } from './next.ts';
import { virtualInstruction } from './virtual-instruction.ts';
import { inExitHandler } from '../../planted-bugs/points.ts';

/** Handles what ended the guest's turn; `set` are the memory slots that are being read. */
export function handleExit(vcpu: KvmVcpu, set: u64): Next {
  const exitCause = vcpu.scause;
  probe('handler');
  inExitHandler(changetype<usize>(vcpu));
  // interrupts of the host have been taken already
  if ((exitCause & INTERRUPT) != 0) return CONTINUE;
  switch (<u32>exitCause) {
    case <u32>cause.environmentCallFromVS:
      return sbiCall(vcpu, set);
    case <u32>cause.instructionGuestPageFault:
    case <u32>cause.loadGuestPageFault:
    case <u32>cause.storeGuestPageFault:
      return guestPageFault(vcpu, set);
    case <u32>cause.virtualInstruction:
      return virtualInstruction(vcpu);
    default:
      vcpu.run.exitReason = KVM_EXIT_INTERNAL_ERROR;
      vcpu.run.errorCause = exitCause;
      return TO_PROCESS;
  }
}
