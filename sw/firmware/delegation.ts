import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrw } from '../shared/rv.ts';
import { hasDvExt, hasHypervisor } from './features.ts';

/**
 * Hands traps to HS: everything but what the firmware emulates (misaligned accesses) or redirects itself (illegal instructions).
 * Unlike the prototype's firmware it delegates access faults where the hart allows it, so that PMC faults reach the DV-driver
 * without a detour; a hart that keeps those bits 0 gets them through redirectTrap. `duvisor 3.7`
 */
export function delegateTraps(): void {
  let exceptions: u64 =
    (1 << cause.instructionAddressMisaligned) |
    (1 << cause.instructionAccessFault) |
    (1 << cause.breakpoint) |
    (1 << cause.loadAccessFault) |
    (1 << cause.storeAccessFault) |
    (1 << cause.environmentCallFromU) |
    (1 << cause.instructionPageFault) |
    (1 << cause.loadPageFault) |
    (1 << cause.storePageFault);
  let interrupts: u64 = (1 << interrupt.ssip) | (1 << interrupt.stip) | (1 << interrupt.seip);
  if (hasHypervisor) {
    exceptions |=
      (1 << cause.environmentCallFromVS) |
      (1 << cause.instructionGuestPageFault) |
      (1 << cause.loadGuestPageFault) |
      (1 << cause.virtualInstruction) |
      (1 << cause.storeGuestPageFault);
  }
  if (hasDvExt) {
    exceptions |= 1 << cause.postingFault;
    interrupts |= (1 << interrupt.usip) | (1 << interrupt.utip);
    csrw(csr.sedeleg, 0);
    csrw(csr.sideleg, 0);
  }
  csrw(csr.medeleg, exceptions);
  csrw(csr.mideleg, interrupts);
}
