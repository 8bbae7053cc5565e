import { postAndAwait } from '../../shared/posted-raise.ts';
import { postOperand } from '../../shared/posted-window.ts';
import {
  SBI_DEVICE_RAISE,
  SBI_ERR_FAILED,
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_INVALID_PARAM,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { hostOfRam } from '../../vmm/guest-ram.ts';
import { PLIC_SOURCES } from '../../vmm/interrupt-controller.ts';
import { vcpuCount } from '../../vmm/options.ts';
import { Outcome } from '../exits/outcome.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { isPosting } from '../vm/posting.ts';
import { answer, answerNotSupported } from './answer.ts';
import { inDeviceCall } from '../../planted-bugs/points.ts';

const WORD_BYTES: u64 = 8;

/** The device extension (sw/shared/sbi.ts): posts an external interrupt as an I/O thread does, and waits until the guest has taken it. */
export function deviceCall(vcpu: Vcpu): Outcome {
  inDeviceCall(changetype<usize>(vcpu));
  if (vcpu.x16 != SBI_DEVICE_RAISE || !isPosting) return answerNotSupported(vcpu);
  const hart = vcpu.x10;
  const source = vcpu.x11;
  if (hart >= vcpuCount || source - 1 >= <u64>PLIC_SOURCES)
    return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
  const word = (vcpu.x12 & (WORD_BYTES - 1)) == 0 ? hostOfRam(vcpu.x12, WORD_BYTES) : 0;
  if (word == 0) return answer(vcpu, SBI_ERR_INVALID_ADDRESS, 0);
  const hasChanged = postAndAwait(postOperand(hart, source), word);
  return answer(vcpu, hasChanged ? SBI_SUCCESS : SBI_ERR_FAILED, 0);
}
