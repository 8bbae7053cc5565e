import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc } from '../../shared/rv.ts';
import {
  SBI_LEGACY_CLEAR_IPI,
  SBI_LEGACY_CONSOLE_GETCHAR,
  SBI_LEGACY_CONSOLE_PUTCHAR,
  SBI_LEGACY_REMOTE_FENCE_I,
  SBI_LEGACY_REMOTE_SFENCE_VMA,
  SBI_LEGACY_REMOTE_SFENCE_VMA_ASID,
  SBI_LEGACY_SEND_IPI,
  SBI_LEGACY_SET_TIMER,
  SBI_LEGACY_SHUTDOWN,
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_NOT_SUPPORTED,
} from '../../shared/sbi.ts';
import { writeConsoleByte } from '../../vmm/devices/console.ts';
import { Outcome, RESUME_NEXT, STOP } from '../exits/outcome.ts';
import { STATUS_SUCCESS } from '../../vmm/failure.ts';
import { hostOfGuestVirtual } from '../memory/guest-virtual.ts';
import { REQUEST_FENCE_I, REQUEST_FENCE_VMA, Vcpu } from '../vcpu/vcpu.ts';
import { stopVm } from '../vm/shutdown.ts';
import { hartsOf, interruptEach } from './hart-mask.ts';
import { fenceHarts } from './remote-fence.ts';
import { setTimer } from './time.ts';

const NO_CHARACTER: i64 = -1;
const ALL_HARTS: u64 = ~0;

/** The extensions of SBI 0.1, whose only result is a0 (sbi 5). Linux kernels before 5.7 use nothing else. */
export function legacyCall(vcpu: Vcpu): Outcome {
  switch (vcpu.x17) {
    case SBI_LEGACY_SET_TIMER:
      setTimer(vcpu, vcpu.x10);
      return answerLegacy(vcpu, 0);
    case SBI_LEGACY_CONSOLE_PUTCHAR:
      writeConsoleByte((<u32>vcpu.x10) & 0xff);
      return answerLegacy(vcpu, 0);
    case SBI_LEGACY_CONSOLE_GETCHAR:
      return answerLegacy(vcpu, NO_CHARACTER);
    case SBI_LEGACY_CLEAR_IPI:
      csrc(csr.huvip, 1 << interrupt.vssip);
      return answerLegacy(vcpu, 0);
    case SBI_LEGACY_SEND_IPI:
    case SBI_LEGACY_REMOTE_FENCE_I:
    case SBI_LEGACY_REMOTE_SFENCE_VMA:
    case SBI_LEGACY_REMOTE_SFENCE_VMA_ASID:
      return answerLegacy(vcpu, callHarts(vcpu.x17, vcpu.x10));
    case SBI_LEGACY_SHUTDOWN:
      stopVm(STATUS_SUCCESS);
      return STOP;
    default:
      return answerLegacy(vcpu, SBI_ERR_NOT_SUPPORTED);
  }
}

/** Acts on the harts whose mask lies at a virtual address of the guest; address 0 = all (sbi 5.5). */
function callHarts(extension: u64, address: u64): i64 {
  let harts = hartsOf(0, ALL_HARTS);
  if (address != 0) {
    const place = hostOfGuestVirtual(address);
    if (place == 0) return SBI_ERR_INVALID_ADDRESS;
    harts &= load<u64>(place);
  }
  if (extension == SBI_LEGACY_SEND_IPI) interruptEach(harts);
  else
    fenceHarts(harts, extension == SBI_LEGACY_REMOTE_FENCE_I ? REQUEST_FENCE_I : REQUEST_FENCE_VMA);
  return 0;
}

function answerLegacy(vcpu: Vcpu, result: i64): Outcome {
  vcpu.x10 = <u64>result;
  return RESUME_NEXT;
}
