import { FENCE_RW, fence, ld, lr_d, sc_d, sd } from '../../shared/rv.ts';
import {
  SBI_ERR_ALREADY_AVAILABLE,
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_HSM_HART_GET_STATUS,
  SBI_HSM_HART_START,
  SBI_HSM_HART_STOP,
  SBI_HSM_HART_SUSPEND,
  SBI_HSM_STATE_START_PENDING,
  SBI_HSM_STATE_STOPPED,
  SBI_HSM_SUSPEND_RETENTIVE,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { Outcome, STOP } from '../exits/outcome.ts';
import { isRam } from '../../vmm/guest-ram.ts';
import { request } from '../vcpu/requests.ts';
import { sleepUntilInterrupt } from '../vcpu/sleep.ts';
import { REQUEST_START, Vcpu, vcpuAt } from '../vcpu/vcpu.ts';
import { vcpuCount } from '../../vmm/options.ts';
import { answer, answerNotSupported } from './answer.ts';

/** The hart state management extension: how the guest starts and stops its other harts (sbi 9). */
export function hartStateCall(vcpu: Vcpu): Outcome {
  switch (vcpu.x16) {
    case SBI_HSM_HART_START:
      return answer(vcpu, startHart(vcpu.x10, vcpu.x11, vcpu.x12), 0);
    case SBI_HSM_HART_STOP:
      setHartState(vcpu, SBI_HSM_STATE_STOPPED);
      return STOP;
    case SBI_HSM_HART_GET_STATUS:
      if (vcpu.x10 >= vcpuCount) return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
      return answer(vcpu, SBI_SUCCESS, ld(stateWord(vcpuAt(vcpu.x10)), 0));
    case SBI_HSM_HART_SUSPEND:
      if (vcpu.x10 != SBI_HSM_SUSPEND_RETENTIVE) return answer(vcpu, SBI_ERR_NOT_SUPPORTED, 0);
      sleepUntilInterrupt(vcpu);
      return answer(vcpu, SBI_SUCCESS, 0);
    default:
      return answerNotSupported(vcpu);
  }
}

/** Records the state of the guest's hart. */
export function setHartState(vcpu: Vcpu, state: u64): void {
  fence(FENCE_RW, FENCE_RW);
  sd(stateWord(vcpu), state, 0);
}

function startHart(hart: u64, address: u64, argument: u64): i64 {
  if (hart >= vcpuCount) return SBI_ERR_INVALID_PARAM;
  if (!isRam(address)) return SBI_ERR_INVALID_ADDRESS;
  const target = vcpuAt(hart);
  const word = stateWord(target);
  // two harts may start the same third one: one of them wins
  do {
    if (lr_d(word) != SBI_HSM_STATE_STOPPED) return SBI_ERR_ALREADY_AVAILABLE;
  } while (sc_d(word, SBI_HSM_STATE_START_PENDING) != 0);
  target.startAddress = address;
  target.startArgument = argument;
  request(target, REQUEST_START);
  return SBI_SUCCESS;
}

function stateWord(vcpu: Vcpu): usize {
  return changetype<usize>(vcpu) + offsetof<Vcpu>('hartState');
}
