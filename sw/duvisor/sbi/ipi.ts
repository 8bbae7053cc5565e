import { SBI_ERR_INVALID_PARAM, SBI_IPI_SEND_IPI, SBI_SUCCESS } from '../../shared/sbi.ts';
import { Outcome } from '../exits/outcome.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { answer, answerNotSupported } from './answer.ts';
import { hartsOf, interruptEach } from './hart-mask.ts';
import { inInterrupt } from '../../planted-bugs/points.ts';

/** The inter-processor interrupt extension (sbi 7). An empty mask names nobody and succeeds. */
export function ipiCall(vcpu: Vcpu): Outcome {
  if (vcpu.x16 != SBI_IPI_SEND_IPI) return answerNotSupported(vcpu);
  const harts = hartsOf(vcpu.x10, vcpu.x11);
  if (harts == 0 && vcpu.x10 != 0) return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
  inInterrupt(changetype<usize>(vcpu));
  interruptEach(harts);
  return answer(vcpu, SBI_SUCCESS, 0);
}
