import {
  SBI_BASE,
  SBI_DBCN,
  SBI_DEVICE,
  SBI_ERR_NOT_SUPPORTED,
  SBI_HSM,
  SBI_IPI,
  SBI_LEGACY_SHUTDOWN,
  SBI_NULL,
  SBI_RFENCE,
  SBI_SRST,
  SBI_SUCCESS,
  SBI_TIME,
} from '../../shared/sbi.ts';
import { Next } from '../exits/next.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { answer } from './answer.ts';
import { baseCall } from './base.ts';
import { deviceCall } from './device.ts';
import { forwardCall } from './forward.ts';
import { hartStateCall } from './hart-state.ts';
import { ipiCall } from './ipi.ts';
import { legacyCall } from './legacy.ts';
import { remoteFenceCall } from './remote-fence.ts';
import { systemResetCall } from './system-reset.ts';
import { timeCall } from './time.ts';
import { inHypercall } from '../../planted-bugs/points.ts';

/** A call of the guest's supervisor to its SBI: the kernel answers all but the console, which is the process's (sbi 3). */
export function sbiCall(vcpu: KvmVcpu, set: u64): Next {
  const extension = vcpu.a7;
  switch (extension) {
    case SBI_NULL:
      inHypercall(changetype<usize>(vcpu));
      return answer(vcpu, SBI_SUCCESS, 0);
    case SBI_TIME:
      return timeCall(vcpu);
    case SBI_IPI:
      return ipiCall(vcpu);
    case SBI_RFENCE:
      return remoteFenceCall(vcpu);
    case SBI_HSM:
      return hartStateCall(vcpu, set);
    case SBI_BASE:
      return baseCall(vcpu);
    case SBI_DBCN:
      return forwardCall(vcpu);
    case SBI_DEVICE:
      return deviceCall(vcpu, set);
    case SBI_SRST:
      return systemResetCall(vcpu);
    default:
      if (extension <= SBI_LEGACY_SHUTDOWN) return legacyCall(vcpu);
      return answer(vcpu, SBI_ERR_NOT_SUPPORTED, 0);
  }
}
