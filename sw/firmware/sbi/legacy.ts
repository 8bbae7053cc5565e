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
} from '../../shared/sbi.ts';
import { readConsole, writeConsole } from '../console.ts';
import { pass } from '../finisher.ts';
import { faultOf, loadAsTrapped } from '../guarded-access.ts';
import { Hart } from '../hart.ts';
import { hartMask } from '../platform.ts';
import { redirectFault } from '../redirect.ts';
import {
  FENCE_ADDRESSES,
  FENCE_ADDRESSES_OF_ASID,
  FENCE_INSTRUCTIONS,
  remoteFence,
} from '../remote-fence.ts';
import { interruptHarts } from './inter-processor.ts';
import { programTimer } from './timer.ts';

/**
 * Legacy extensions: one number each, result in a0 alone. Those with a hart mask take its virtual address (0 = all harts); a fault
 * on reading it is the caller's. Returns false when the call ended in such a fault, that is when a0 and pc are set already. `sbi 5`
 */
export function callLegacy(hart: Hart): bool {
  const call = hart.a7;
  let result: i64 = 0;
  if (call == SBI_LEGACY_SET_TIMER) {
    programTimer(hart, hart.a0);
  } else if (call == SBI_LEGACY_CONSOLE_PUTCHAR) {
    writeConsole((<u32>hart.a0) & 0xff);
  } else if (call == SBI_LEGACY_CONSOLE_GETCHAR) {
    result = readConsole();
  } else if (call == SBI_LEGACY_CLEAR_IPI) {
    csrc(csr.mip, 1 << interrupt.ssip);
  } else if (call == SBI_LEGACY_SHUTDOWN) {
    pass();
  } else {
    let harts = hartMask;
    if (hart.a0 != 0) {
      const fault = faultOf(hart);
      harts &= loadAsTrapped(hart, hart.a0, 8, fault);
      if (fault.happened != 0) {
        redirectFault(hart, fault);
        return false;
      }
    }
    if (call == SBI_LEGACY_SEND_IPI) interruptHarts(harts);
    else if (call == SBI_LEGACY_REMOTE_FENCE_I)
      remoteFence(hart, harts, FENCE_INSTRUCTIONS, 0, 0, 0);
    else if (call == SBI_LEGACY_REMOTE_SFENCE_VMA) {
      remoteFence(hart, harts, FENCE_ADDRESSES, hart.a1, hart.a2, 0);
    } else if (call == SBI_LEGACY_REMOTE_SFENCE_VMA_ASID) {
      remoteFence(hart, harts, FENCE_ADDRESSES_OF_ASID, hart.a1, hart.a2, hart.a3);
    }
  }
  hart.a0 = <u64>result;
  return true;
}
