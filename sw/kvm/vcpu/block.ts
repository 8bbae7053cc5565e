import { fence, FENCE_RW } from '../../shared/rv.ts';
import { SBI_HSM_STATE_STOPPED } from '../../shared/sbi.ts';
import { now } from '../../host/clock.ts';
import { Hart } from '../../host/hart.ts';
import { FOREVER, Thread } from '../../host/process/thread.ts';
import { sleepUntil } from '../../host/scheduler.ts';
import { isInterruptPending } from './interrupts.ts';
import { requestsOf, setMode } from './kick.ts';
import { BLOCKED, KvmVcpu, OUTSIDE_GUEST } from './vcpu.ts';

function hasWork(vcpu: KvmVcpu): bool {
  if (requestsOf(vcpu) != 0) return true;
  if (vcpu.hartState == SBI_HSM_STATE_STOPPED) return false;
  return isInterruptPending(vcpu) || vcpu.timerDeadline <= now();
}

/**
 * Puts the thread of a vCPU to sleep until there is something for its guest's hart to do; under the kernel's lock, with the vCPU off the hart.
 * The thread comes back to the same KVM_RUN.
 */
export function blockVcpu(hart: Hart, thread: Thread, vcpu: KvmVcpu): void {
  setMode(vcpu, BLOCKED);
  fence(FENCE_RW, FENCE_RW);
  if (hasWork(vcpu)) {
    setMode(vcpu, OUTSIDE_GUEST);
    return;
  }
  const isStopped = vcpu.hartState == SBI_HSM_STATE_STOPPED;
  sleepUntil(hart, thread, isStopped ? FOREVER : vcpu.timerDeadline, <i64>thread.a0);
}
