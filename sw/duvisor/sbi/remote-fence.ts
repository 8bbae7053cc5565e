import {
  SBI_ERR_INVALID_PARAM,
  SBI_RFENCE_FENCE_I,
  SBI_RFENCE_SFENCE_VMA,
  SBI_RFENCE_SFENCE_VMA_ASID,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { Outcome } from '../exits/outcome.ts';
import { awaitRequest } from '../vcpu/requests.ts';
import { REQUEST_FENCE_I, REQUEST_FENCE_VMA, Vcpu, vcpuAt } from '../vcpu/vcpu.ts';
import { vcpuCount } from '../../vmm/options.ts';
import { answer, answerNotSupported } from './answer.ts';
import { hartsOf, requestEach } from './hart-mask.ts';

/**
 * The remote fence extension for a guest without guests of its own (sbi 8). Address ranges are widened to everything, which the
 * specification allows. The prototype's remote fences did not fence (duvisor 10.1, 18); these return when every named
 * hart is certain to fence before its next instruction of the guest.
 */
export function remoteFenceCall(vcpu: Vcpu): Outcome {
  const bits = fenceOf(vcpu.x16);
  if (bits == 0) return answerNotSupported(vcpu);
  const harts = hartsOf(vcpu.x10, vcpu.x11);
  if (harts == 0 && vcpu.x10 != 0) return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
  fenceHarts(harts, bits);
  return answer(vcpu, SBI_SUCCESS, 0);
}

/** Makes the named harts fence, and waits for that. */
export function fenceHarts(harts: u64, bits: u64): void {
  requestEach(harts, bits);
  for (let index: u64 = 0; index < vcpuCount; index++) {
    if ((harts >> index) & 1) awaitRequest(vcpuAt(index), bits);
  }
}

function fenceOf(func: u64): u64 {
  switch (func) {
    case SBI_RFENCE_FENCE_I:
      return REQUEST_FENCE_I;
    case SBI_RFENCE_SFENCE_VMA:
    case SBI_RFENCE_SFENCE_VMA_ASID:
      return REQUEST_FENCE_VMA;
    default:
      return 0;
  }
}
