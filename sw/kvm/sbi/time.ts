import { SBI_SUCCESS, SBI_TIME_SET_TIMER } from '../../shared/sbi.ts';
import { Next } from '../exits/next.ts';
import { setGuestTimer } from '../vcpu/timer.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { answer, answerNotSupported } from './answer.ts';

/** The timer extension (sbi 6). */
export function timeCall(vcpu: KvmVcpu): Next {
  if (vcpu.a6 != SBI_TIME_SET_TIMER) return answerNotSupported(vcpu);
  setGuestTimer(vcpu, vcpu.a0);
  return answer(vcpu, SBI_SUCCESS, 0);
}
