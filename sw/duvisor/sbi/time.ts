import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrw } from '../../shared/rv.ts';
import { SBI_SUCCESS, SBI_TIME_SET_TIMER } from '../../shared/sbi.ts';
import { Outcome } from '../exits/outcome.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { answer, answerNotSupported } from './answer.ts';

/** The timer extension (sbi 6). */
export function timeCall(vcpu: Vcpu): Outcome {
  if (vcpu.x16 != SBI_TIME_SET_TIMER) return answerNotSupported(vcpu);
  setTimer(vcpu, vcpu.x10);
  return answer(vcpu, SBI_SUCCESS, 0);
}

/** Sets when the guest's timer interrupt comes, and takes back one that is pending. The hart raises it without an exit. */
export function setTimer(vcpu: Vcpu, deadline: u64): void {
  csrw(csr.vtimecmp, deadline);
  csrw(csr.vtimectl, 1);
  if (vcpu.isTimerRaised) {
    vcpu.isTimerRaised = 0;
    csrc(csr.huvip, 1 << interrupt.vstip);
  }
}
