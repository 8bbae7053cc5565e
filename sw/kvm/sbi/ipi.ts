import * as interrupt from 'rv/interrupt';
import { SBI_ERR_INVALID_PARAM, SBI_IPI_SEND_IPI, SBI_SUCCESS } from '../../shared/sbi.ts';
import { KVM_VCPU_COUNT } from '../abi.ts';
import { Next } from '../exits/next.ts';
import { postIpi } from '../posting.ts';
import { raiseInterrupt } from '../vcpu/interrupts.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { kvmVcpu, KvmVm } from '../vm.ts';
import { answer, answerNotSupported } from './answer.ts';
import { hartsOf } from './hart-mask.ts';
import { inInterrupt } from '../../planted-bugs/points.ts';

/** The inter-processor interrupt extension (sbi 7). An empty mask names nobody and succeeds. */
export function ipiCall(vcpu: KvmVcpu): Next {
  if (vcpu.a6 != SBI_IPI_SEND_IPI) return answerNotSupported(vcpu);
  const harts = hartsOf(vcpu.vm, vcpu.a0, vcpu.a1);
  if (harts == 0 && vcpu.a0 != 0) return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
  inInterrupt(changetype<usize>(vcpu));
  interruptHarts(vcpu.vm, harts);
  return answer(vcpu, SBI_SUCCESS, 0);
}

/** Raises the supervisor software interrupt of harts of the guest. */
export function interruptHarts(vm: KvmVm, harts: u64): void {
  for (let id: u64 = 0; id < KVM_VCPU_COUNT; id++) {
    const target = kvmVcpu(vm, id);
    if (((harts >> id) & 1) == 0 || target === null) continue;
    if (vm.isPosted != 0) postIpi(changetype<KvmVcpu>(target));
    else raiseInterrupt(changetype<KvmVcpu>(target), 1 << interrupt.vssip);
  }
}
