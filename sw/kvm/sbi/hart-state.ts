import { ld, lr_d, sc_d, sd } from '../../shared/rv.ts';
import {
  SBI_ERR_ALREADY_AVAILABLE,
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_HSM_HART_GET_STATUS,
  SBI_HSM_HART_START,
  SBI_HSM_HART_STOP,
  SBI_HSM_HART_SUSPEND,
  SBI_HSM_STATE_STARTED,
  SBI_HSM_STATE_START_PENDING,
  SBI_HSM_STATE_STOPPED,
  SBI_HSM_SUSPEND_RETENTIVE,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { KVM_VCPU_COUNT } from '../abi.ts';
import { BLOCK, CONTINUE, Next } from '../exits/next.ts';
import { slotOf } from '../memory-slots.ts';
import { request, REQUEST_RESET } from '../vcpu/requests.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { kvmVcpu } from '../vm.ts';
import { answer, answerNotSupported } from './answer.ts';

/** The hart state management extension: how the guest starts and stops its other harts (sbi 9). */
export function hartStateCall(vcpu: KvmVcpu, set: u64): Next {
  switch (vcpu.a6) {
    case SBI_HSM_HART_START:
      return answer(vcpu, startHart(vcpu, set), 0);
    case SBI_HSM_HART_STOP:
      sd(stateWord(vcpu), SBI_HSM_STATE_STOPPED, 0);
      return CONTINUE;
    case SBI_HSM_HART_GET_STATUS: {
      const target = vcpu.a0 < KVM_VCPU_COUNT ? kvmVcpu(vcpu.vm, vcpu.a0) : null;
      if (target === null) return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
      return answer(vcpu, SBI_SUCCESS, ld(stateWord(changetype<KvmVcpu>(target)), 0));
    }
    case SBI_HSM_HART_SUSPEND:
      if (vcpu.a0 != SBI_HSM_SUSPEND_RETENTIVE) return answer(vcpu, SBI_ERR_NOT_SUPPORTED, 0);
      answer(vcpu, SBI_SUCCESS, 0);
      return BLOCK;
    default:
      return answerNotSupported(vcpu);
  }
}

function startHart(vcpu: KvmVcpu, set: u64): i64 {
  const target = vcpu.a0 < KVM_VCPU_COUNT ? kvmVcpu(vcpu.vm, vcpu.a0) : null;
  if (target === null) return SBI_ERR_INVALID_PARAM;
  if (slotOf(vcpu.vm, set, vcpu.a1 >> 12) === null) return SBI_ERR_INVALID_ADDRESS;
  const started = changetype<KvmVcpu>(target);
  const word = stateWord(started);
  // two harts may start the same third one: one of them wins
  do {
    if (lr_d(word) != SBI_HSM_STATE_STOPPED) return SBI_ERR_ALREADY_AVAILABLE;
  } while (sc_d(word, SBI_HSM_STATE_START_PENDING) != 0);
  started.startAddress = vcpu.a1;
  started.startArgument = vcpu.a2;
  // the thread of the target resets it before its first instruction
  sd(word, SBI_HSM_STATE_STARTED, 0);
  request(started, REQUEST_RESET);
  return SBI_SUCCESS;
}

function stateWord(vcpu: KvmVcpu): usize {
  return changetype<usize>(vcpu) + offsetof<KvmVcpu>('hartState');
}
