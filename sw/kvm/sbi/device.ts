import * as interrupt from 'rv/interrupt';
import { postAndAwait } from '../../shared/posted-raise.ts';
import { postOperand } from '../../shared/posted-window.ts';
import { ld, probe } from '../../shared/rv.ts';
import {
  SBI_DEVICE_PATIENCE,
  SBI_DEVICE_RAISE,
  SBI_ERR_FAILED,
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_INVALID_PARAM,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { KVM_SOURCES, KVM_VCPU_COUNT } from '../abi.ts';
import { Next } from '../exits/next.ts';
import { disableInterrupts, enableInterrupts } from '../interrupts-off.ts';
import { releaseGuestWord, takeGuestWord } from '../memory/guest-word.ts';
import { lowerInterrupt, raiseInterrupt } from '../vcpu/interrupts.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { kvmVcpu } from '../vm.ts';
import { answer, answerNotSupported } from './answer.ts';
import { inDeviceCall } from '../../planted-bugs/points.ts';

/**
 * The device extension (sw/shared/sbi.ts): raises an external interrupt from the kernel with interrupts of the host off, as the paper's kernel thread
 * does, and waits until the guest has taken it.
 */
export function deviceCall(vcpu: KvmVcpu, set: u64): Next {
  inDeviceCall(changetype<usize>(vcpu));
  if (vcpu.a6 != SBI_DEVICE_RAISE) return answerNotSupported(vcpu);
  const target = vcpu.a0 < KVM_VCPU_COUNT ? kvmVcpu(vcpu.vm, vcpu.a0) : null;
  if (target === null || vcpu.a1 - 1 >= KVM_SOURCES) return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
  const word = takeGuestWord(vcpu.vm, set, vcpu.a2);
  if (word == 0) return answer(vcpu, SBI_ERR_INVALID_ADDRESS, 0);
  const raised = changetype<KvmVcpu>(target);
  disableInterrupts();
  const hasChanged =
    vcpu.isPosted != 0 ? postAndAwait(postOperand(raised.id, vcpu.a1), word) : raise(raised, word);
  enableInterrupts();
  releaseGuestWord(word);
  return answer(vcpu, hasChanged ? SBI_SUCCESS : SBI_ERR_FAILED, 0);
}

/** Marks the interrupt in the vCPU and gets its hart out of the guest. */
function raise(target: KvmVcpu, word: usize): bool {
  const before = ld(word, 0);
  let patience = SBI_DEVICE_PATIENCE;
  probe('vext');
  raiseInterrupt(target, 1 << interrupt.vseip);
  do {
    if (ld(word, 0) != before) break;
  } while (--patience != 0);
  probe('arrived');
  lowerInterrupt(target, 1 << interrupt.vseip);
  return patience != 0;
}
