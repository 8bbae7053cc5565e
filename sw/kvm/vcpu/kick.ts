import { amoor_d, fence, FENCE_RW, ld, sd } from '../../shared/rv.ts';
import { currentHart, Hart } from '../../host/hart.ts';
import { THREAD_WAITING } from '../../host/process/thread.ts';
import { sendInterrupt } from '../../host/sbi-client.ts';
import { wake } from '../../host/scheduler.ts';
import { lockKernel, unlockKernel } from '../interrupts-off.ts';
import { BLOCKED, IN_GUEST, KvmVcpu } from './vcpu.ts';

function modeWord(vcpu: KvmVcpu): usize {
  return changetype<usize>(vcpu) + offsetof<KvmVcpu>('mode');
}

function requestsWord(vcpu: KvmVcpu): usize {
  return changetype<usize>(vcpu) + offsetof<KvmVcpu>('requests');
}

/** Says where the vCPU is. */
export function setMode(vcpu: KvmVcpu, mode: u64): void {
  sd(modeWord(vcpu), mode, 0);
}

/** Where the vCPU is. */
export function modeOf(vcpu: KvmVcpu): u64 {
  return ld(modeWord(vcpu), 0);
}

/** Marks requests in a vCPU. */
export function addRequests(vcpu: KvmVcpu, bits: u64): void {
  amoor_d(requestsWord(vcpu), bits);
}

/** What was asked of the vCPU and not done yet. */
export function requestsOf(vcpu: KvmVcpu): u64 {
  return ld(requestsWord(vcpu), 0);
}

function wakeBlocked(vcpu: KvmVcpu): void {
  lockKernel();
  const thread = vcpu.thread;
  if (thread !== null && thread.process == vcpu.vm.process) {
    // the row of a thread that has ended may be another process's by now
    if (thread.state == THREAD_WAITING) wake(thread, currentHart());
  }
  unlockKernel();
}

/**
 * Makes a vCPU look at what was marked in it: wakes its thread, or gets its hart out of the guest by an interrupt of the host. The asker
 * marks and then looks where the vCPU is, which says where it is and then looks for marks: one of the two sees the other.
 */
export function kickVcpu(vcpu: KvmVcpu): void {
  fence(FENCE_RW, FENCE_RW);
  const mode = modeOf(vcpu);
  if (mode == BLOCKED) {
    wakeBlocked(vcpu);
    return;
  }
  const hart = vcpu.hart;
  if (mode != IN_GUEST || hart === null) return;
  const target = changetype<Hart>(hart);
  if (target != currentHart()) sendInterrupt((<u64>1) << target.id);
}
