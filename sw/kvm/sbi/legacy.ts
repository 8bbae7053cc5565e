import * as interrupt from 'rv/interrupt';
import {
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_NOT_SUPPORTED,
  SBI_LEGACY_CLEAR_IPI,
  SBI_LEGACY_CONSOLE_GETCHAR,
  SBI_LEGACY_CONSOLE_PUTCHAR,
  SBI_LEGACY_REMOTE_FENCE_I,
  SBI_LEGACY_REMOTE_SFENCE_VMA,
  SBI_LEGACY_REMOTE_SFENCE_VMA_ASID,
  SBI_LEGACY_SEND_IPI,
  SBI_LEGACY_SET_TIMER,
  SBI_LEGACY_SHUTDOWN,
  SBI_SRST_NO_REASON,
} from '../../shared/sbi.ts';
import { Next } from '../exits/next.ts';
import { lowerInterrupt } from '../vcpu/interrupts.ts';
import { setGuestTimer } from '../vcpu/timer.ts';
import { REQUEST_FENCE_I, REQUEST_FENCE_VMA } from '../vcpu/requests.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { answerLegacy } from './answer.ts';
import { forwardCall } from './forward.ts';
import { legacyHarts, UNREADABLE } from './legacy-mask.ts';
import { fenceHarts } from './remote-fence.ts';
import { interruptHarts } from './ipi.ts';
import { endMachine } from './system-reset.ts';

/** The extensions of SBI 0.1 (sbi 5). */
export function legacyCall(vcpu: KvmVcpu): Next {
  const extension = vcpu.a7;
  switch (extension) {
    case SBI_LEGACY_SET_TIMER:
      setGuestTimer(vcpu, vcpu.a0);
      return answerLegacy(vcpu, 0);
    case SBI_LEGACY_CONSOLE_PUTCHAR:
    case SBI_LEGACY_CONSOLE_GETCHAR:
      return forwardCall(vcpu);
    case SBI_LEGACY_CLEAR_IPI:
      lowerInterrupt(vcpu, 1 << interrupt.vssip);
      return answerLegacy(vcpu, 0);
    case SBI_LEGACY_SEND_IPI:
    case SBI_LEGACY_REMOTE_FENCE_I:
    case SBI_LEGACY_REMOTE_SFENCE_VMA:
    case SBI_LEGACY_REMOTE_SFENCE_VMA_ASID:
      return answerLegacy(vcpu, callHarts(vcpu, extension));
    case SBI_LEGACY_SHUTDOWN:
      return endMachine(vcpu, SBI_SRST_NO_REASON);
    default:
      return answerLegacy(vcpu, SBI_ERR_NOT_SUPPORTED);
  }
}

function callHarts(vcpu: KvmVcpu, extension: u64): i64 {
  const harts = legacyHarts(vcpu);
  if (harts == UNREADABLE) return SBI_ERR_INVALID_ADDRESS;
  if (extension == SBI_LEGACY_SEND_IPI) interruptHarts(vcpu.vm, harts);
  else {
    const isFetch = extension == SBI_LEGACY_REMOTE_FENCE_I;
    fenceHarts(vcpu.vm, harts, isFetch ? REQUEST_FENCE_I : REQUEST_FENCE_VMA);
  }
  return 0;
}
