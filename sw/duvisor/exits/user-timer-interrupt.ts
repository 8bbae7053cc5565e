import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrs, csrw, probe } from '../../shared/rv.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { Outcome, RESUME_SAME } from './outcome.ts';

/**
 * The guest's timer expired on a hart whose virtual timer exits (`vtimer.expiry: exit`): the guest gets its timer interrupt. The
 * timer goes off first, because clearing a pending bit while its line is high would latch it (duvisor 1.5).
 */
export function userTimerInterrupt(vcpu: Vcpu): Outcome {
  probe('handler');
  csrw(csr.vtimectl, 0);
  csrc(csr.huip, 1 << interrupt.utip);
  csrs(csr.huvip, 1 << interrupt.vstip);
  vcpu.isTimerRaised = 1;
  return RESUME_SAME;
}
