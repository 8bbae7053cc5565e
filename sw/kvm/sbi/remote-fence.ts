import {
  SBI_ERR_INVALID_PARAM,
  SBI_RFENCE_FENCE_I,
  SBI_RFENCE_SFENCE_VMA,
  SBI_RFENCE_SFENCE_VMA_ASID,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { KVM_VCPU_COUNT } from '../abi.ts';
import { Next } from '../exits/next.ts';
import { awaitRequest, request, REQUEST_FENCE_I, REQUEST_FENCE_VMA } from '../vcpu/requests.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { kvmVcpu, KvmVm } from '../vm.ts';
import { answer, answerNotSupported } from './answer.ts';
import { hartsOf } from './hart-mask.ts';

/** The remote fence extension for a guest without guests of its own (sbi 8); ranges are widened to everything. */
export function remoteFenceCall(vcpu: KvmVcpu): Next {
  const bits = fenceOf(vcpu.a6);
  if (bits == 0) return answerNotSupported(vcpu);
  const harts = hartsOf(vcpu.vm, vcpu.a0, vcpu.a1);
  if (harts == 0 && vcpu.a0 != 0) return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
  fenceHarts(vcpu.vm, harts, bits);
  return answer(vcpu, SBI_SUCCESS, 0);
}

/** Makes harts of the guest fence, and returns when each is certain to before its next instruction. */
export function fenceHarts(vm: KvmVm, harts: u64, bits: u64): void {
  for (let id: u64 = 0; id < KVM_VCPU_COUNT; id++) {
    const target = kvmVcpu(vm, id);
    if (((harts >> id) & 1) != 0 && target !== null) request(changetype<KvmVcpu>(target), bits);
  }
  for (let id: u64 = 0; id < KVM_VCPU_COUNT; id++) {
    const target = kvmVcpu(vm, id);
    if (((harts >> id) & 1) != 0 && target !== null) {
      awaitRequest(changetype<KvmVcpu>(target), bits);
    }
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
