import * as csr from 'rv/csr';
import { csrr, csrw, fence, FENCE_RW, probe, sym_addr } from '../shared/rv.ts';
import { acquire, release } from '../shared/spin-lock.ts';
import { EBUSY } from '../shared/syscalls.ts';
import { Hart } from '../host/hart.ts';
import { Thread } from '../host/process/thread.ts';
import { kernelLock } from '../host/scheduler.ts';
import { KVM_CAP_DV_STATE, KVM_CAP_FORWARD_EXITS } from './abi.ts';
import { BLOCK, CONTINUE, Next } from './exits/next.ts';
import { handleExit } from './exits/dispatch.ts';
import { forwardExit } from './exits/forward.ts';
import { takeAnswer } from './exits/answers.ts';
import { disableInterrupts, enableInterrupts } from './interrupts-off.ts';
import { disablePreemption, enablePreemption } from './preemption.ts';
import { beginReading, endReading } from './memory-slots.ts';
import { SBI_HSM_STATE_STOPPED } from '../shared/sbi.ts';
import { blockVcpu } from './vcpu/block.ts';
import { flushInterrupts, syncInterrupts, updateHvip } from './vcpu/interrupts.ts';
import { requestsOf, setMode } from './vcpu/kick.ts';
import { restoreDvState, saveDvState } from './vcpu/dv-state.ts';
import { loadVcpu, putVcpu } from './vcpu/load-put.ts';
import { checkRequests } from './vcpu/requests.ts';
import { IN_GUEST, KvmVcpu, OUTSIDE_GUEST } from './vcpu/vcpu.ts';

/** The world switch (world-switch.asm.ts). */
declare function kvm_switch_to(vcpu: KvmVcpu): void;

const DV_STATE: u64 = 1 << KVM_CAP_DV_STATE;
const FORWARD_EXITS: u64 = 1 << KVM_CAP_FORWARD_EXITS;
/** Length of ecall. */
const ECALL_BYTES: u64 = 4;

/** Whether the thread has to leave the kernel's loop: its time is up, its process ends, or it belongs to another hart. */
function isWanted(hart: Hart, thread: Thread): bool {
  return hart.timeIsUp != 0 || thread.process.isEnding != 0 || thread.hart != hart;
}

/** Enters the guest once and comes back with what made it stop; interrupts of the host are on before and after. */
function enterGuest(hart: Hart, thread: Thread, vcpu: KvmVcpu): bool {
  disablePreemption(hart);
  disableInterrupts();
  setMode(vcpu, IN_GUEST);
  fence(FENCE_RW, FENCE_RW);
  flushInterrupts(vcpu);
  updateHvip(vcpu);
  if (requestsOf(vcpu) != 0 || isWanted(hart, thread)) {
    setMode(vcpu, OUTSIDE_GUEST);
    enableInterrupts();
    enablePreemption(hart);
    return false;
  }
  vcpu.isGuestTime = 1;
  probe('restore');
  if (vcpu.capabilities & DV_STATE) {
    restoreDvState(vcpu);
    kvm_switch_to(vcpu);
    saveDvState(vcpu);
  } else kvm_switch_to(vcpu);
  probe('dispatch');
  setMode(vcpu, OUTSIDE_GUEST);
  vcpu.exits++;
  vcpu.scause = csrr(csr.scause);
  vcpu.stval = csrr(csr.stval);
  vcpu.htval = csrr(csr.htval);
  vcpu.htinst = csrr(csr.htinst);
  syncInterrupts(vcpu);
  // an interrupt of the host that ended the guest's turn comes here
  enableInterrupts();
  vcpu.isGuestTime = 0;
  enablePreemption(hart);
  return true;
}

/** Runs the guest until the process, the scheduler or nobody is wanted. */
function runLoop(hart: Hart, thread: Thread, vcpu: KvmVcpu): Next {
  const vm = vcpu.vm;
  let set = beginReading(vm);
  let next = takeAnswer(vcpu, set);
  while (next == CONTINUE) {
    probe('leave');
    checkRequests(vcpu);
    if (vcpu.hartState == SBI_HSM_STATE_STOPPED) {
      next = BLOCK;
      break;
    }
    if (isWanted(hart, thread)) break;
    endReading(vm, set);
    const hasRun = enterGuest(hart, thread, vcpu);
    set = beginReading(vm);
    if (!hasRun) continue;
    next = vcpu.capabilities & FORWARD_EXITS ? forwardExit(vcpu, set) : handleExit(vcpu, set);
  }
  endReading(vm, set);
  return next;
}

/**
 * KVM_RUN, called with the kernel's lock and interrupts off, as every system call; the loop runs with neither. A thread keeps nothing in the
 * kernel: one that sleeps or gives its hart away makes the same call again. `dv-ext 8.3`
 */
export function runVcpu(hart: Hart, thread: Thread, vcpu: KvmVcpu): i64 {
  if (vcpu.thread !== null && vcpu.thread != thread) return -EBUSY;
  vcpu.thread = thread;
  thread.kvm = vcpu;
  release(kernelLock);
  setMode(vcpu, OUTSIDE_GUEST);
  const vector = csrr(csr.stvec);
  csrw(csr.stvec, sym_addr('kvm_trap_vector'));
  loadVcpu(vcpu);
  enableInterrupts();
  const next = runLoop(hart, thread, vcpu);
  disableInterrupts();
  putVcpu(vcpu);
  csrw(csr.stvec, vector);
  acquire(kernelLock);
  thread.kvm = null;
  if (next != BLOCK && next != CONTINUE) {
    vcpu.thread = null;
    return 0;
  }
  thread.pc -= ECALL_BYTES;
  if (next == BLOCK) blockVcpu(hart, thread, vcpu);
  return <i64>thread.a0;
}
