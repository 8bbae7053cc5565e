import { probe } from '../../shared/rv.ts';
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
import { answer } from '../sbi/answer.ts';
import { baseCall } from '../sbi/base.ts';
import { debugConsoleCall } from '../sbi/debug-console.ts';
import { deviceCall } from '../sbi/device.ts';
import { hartStateCall } from '../sbi/hart-state.ts';
import { ipiCall } from '../sbi/ipi.ts';
import { legacyCall } from '../sbi/legacy.ts';
import { remoteFenceCall } from '../sbi/remote-fence.ts';
import { systemResetCall } from '../sbi/system-reset.ts';
import { timeCall } from '../sbi/time.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { Outcome } from './outcome.ts';
import { inHypercall } from '../../planted-bugs/points.ts';

/** A call of the guest's supervisor to its SBI: a7 names the extension, a6 the function (sbi 3, duvisor 7.10). */
export function hypercall(vcpu: Vcpu): Outcome {
  probe('handler');
  const extension = vcpu.x17;
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
      return hartStateCall(vcpu);
    case SBI_BASE:
      return baseCall(vcpu);
    case SBI_DBCN:
      return debugConsoleCall(vcpu);
    case SBI_DEVICE:
      return deviceCall(vcpu);
    case SBI_SRST:
      return systemResetCall(vcpu);
    default:
      if (extension <= SBI_LEGACY_SHUTDOWN) return legacyCall(vcpu);
      return answer(vcpu, SBI_ERR_NOT_SUPPORTED, 0);
  }
}
