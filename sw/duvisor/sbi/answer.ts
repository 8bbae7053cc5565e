import { SBI_ERR_NOT_SUPPORTED } from '../../shared/sbi.ts';
import { Outcome, RESUME_NEXT } from '../exits/outcome.ts';
import { Vcpu } from '../vcpu/vcpu.ts';

/** Ends an SBI call with its error in a0 and its value in a1 (sbi 3). */
export function answer(vcpu: Vcpu, error: i64, value: u64): Outcome {
  vcpu.x10 = <u64>error;
  vcpu.x11 = value;
  return RESUME_NEXT;
}

/** Ends a call of a function that the extension does not have. */
export function answerNotSupported(vcpu: Vcpu): Outcome {
  return answer(vcpu, SBI_ERR_NOT_SUPPORTED, 0);
}
