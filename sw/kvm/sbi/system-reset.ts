import {
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_SRST_COLD_REBOOT,
  SBI_SRST_SHUTDOWN,
  SBI_SRST_SYSTEM_FAILURE,
  SBI_SRST_SYSTEM_RESET,
  SBI_SRST_WARM_REBOOT,
} from '../../shared/sbi.ts';
import { KVM_EXIT_SYSTEM_EVENT } from '../abi.ts';
import { Next, TO_PROCESS } from '../exits/next.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { answer, answerNotSupported } from './answer.ts';

/** The system reset extension: the process learns that the guest ends its machine, and why (sbi 10). */
export function systemResetCall(vcpu: KvmVcpu): Next {
  if (vcpu.a6 != SBI_SRST_SYSTEM_RESET) return answerNotSupported(vcpu);
  const kind = vcpu.a0;
  if (kind == SBI_SRST_COLD_REBOOT || kind == SBI_SRST_WARM_REBOOT) {
    return answer(vcpu, SBI_ERR_NOT_SUPPORTED, 0);
  }
  if (kind != SBI_SRST_SHUTDOWN || vcpu.a1 > SBI_SRST_SYSTEM_FAILURE) {
    return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
  }
  return endMachine(vcpu, vcpu.a1);
}

/** Tells the process that the guest ends its machine. */
export function endMachine(vcpu: KvmVcpu, reason: u64): Next {
  vcpu.run.exitReason = KVM_EXIT_SYSTEM_EVENT;
  vcpu.run.systemReason = reason;
  return TO_PROCESS;
}
