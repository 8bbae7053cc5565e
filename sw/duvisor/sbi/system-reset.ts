import {
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_SRST_COLD_REBOOT,
  SBI_SRST_NO_REASON,
  SBI_SRST_SHUTDOWN,
  SBI_SRST_SYSTEM_FAILURE,
  SBI_SRST_SYSTEM_RESET,
  SBI_SRST_WARM_REBOOT,
} from '../../shared/sbi.ts';
import { Outcome, STOP } from '../exits/outcome.ts';
import { STATUS_GUEST_FAILED, STATUS_SUCCESS } from '../../vmm/failure.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { stopVm } from '../vm/shutdown.ts';
import { answer, answerNotSupported } from './answer.ts';

/** The system reset extension: the guest ends its VM, and the reason becomes the status of this process (sbi 10). */
export function systemResetCall(vcpu: Vcpu): Outcome {
  if (vcpu.x16 != SBI_SRST_SYSTEM_RESET) return answerNotSupported(vcpu);
  const kind = vcpu.x10;
  const reason = vcpu.x11;
  if (kind == SBI_SRST_COLD_REBOOT || kind == SBI_SRST_WARM_REBOOT) {
    return answer(vcpu, SBI_ERR_NOT_SUPPORTED, 0);
  }
  if (kind != SBI_SRST_SHUTDOWN || reason > SBI_SRST_SYSTEM_FAILURE) {
    return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
  }
  stopVm(reason == SBI_SRST_NO_REASON ? STATUS_SUCCESS : STATUS_GUEST_FAILED);
  return STOP;
}
