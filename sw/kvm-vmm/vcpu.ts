import { cstr, fn_addr, lw, sym_addr } from '../shared/rv.ts';
import { KVM_CREATE_VCPU, KVM_RUN, RunPage } from '../kvm/abi.ts';
import { failWith, STATUS_DRIVER } from '../vmm/failure.ts';
import { allowedHarts, control, processId, restrictTo, waitWhile } from '../vmm/host.ts';
import { MAXIMUM_VCPUS, VCPU_STACK_BYTES } from '../vmm/limits.ts';
import { vcpuCount } from '../vmm/options.ts';
import { handleExit } from './exit.ts';
import { kvm, require } from './kvm.ts';

/** Begins a thread (sw/vmm/process.asm.ts). */
declare function start_thread(stackTop: usize, vcpu: Vcpu, threadId: usize, entry: usize): i64;

/** What the process keeps of one vCPU. */
@unmanaged
class Vcpu {
  index: u64;
  run: RunPage;
  /** Mask of the one hart that the thread runs on. */
  affinity: u64;
  /** Word that the host clears when the thread ends. */
  threadId: u64;
}

const table: usize = memory.data(offsetof<Vcpu>() * MAXIMUM_VCPUS, 8);

function vcpuAt(index: u64): Vcpu {
  return changetype<Vcpu>(table + <usize>index * offsetof<Vcpu>());
}

/** Makes a vCPU. */
export function createVcpu(index: u64): void {
  const vcpu = vcpuAt(index);
  vcpu.index = index;
  const run = require(KVM_CREATE_VCPU, index, cstr('the kernel refuses a vCPU'));
  vcpu.run = changetype<RunPage>(<usize>run);
}

/** Begins the thread of a vCPU. */
export function startVcpu(index: u64): void {
  const vcpu = vcpuAt(index);
  const word = changetype<usize>(vcpu) + offsetof<Vcpu>('threadId');
  store<u32>(word, 1);
  const stackTop = sym_addr('vcpu_stacks') + <usize>((index + 1) * VCPU_STACK_BYTES);
  const result = start_thread(stackTop, vcpu, word, fn_addr(liveAsVcpu));
  if (result < 0) failWith(STATUS_DRIVER, cstr('cannot create the thread of a vCPU'), result);
}

/** Waits for the threads, which end with the process. */
export function awaitVcpus(): void {
  for (let index: u64 = 0; index < vcpuCount; index++) {
    const word = changetype<usize>(vcpuAt(index)) + offsetof<Vcpu>('threadId');
    for (let id: i32 = 0; (id = lw(word, 0)) != 0;) waitWhile(word, <u32>id, null);
  }
}

/** The life of a vCPU's thread: runs the guest, acts for it, runs it again. */
function liveAsVcpu(vcpu: Vcpu): void {
  pin(vcpu);
  const index = vcpu.index;
  const run = vcpu.run;
  while (true) {
    const result = control(kvm, KVM_RUN, index);
    if (result < 0) failWith(STATUS_DRIVER, cstr('the kernel does not run a vCPU'), result);
    handleExit(run, index);
  }
}

/** Puts the vCPUs of all VMs on the harts in turn; hart 0, which boots, comes last. */
function pin(vcpu: Vcpu): void {
  let harts = allowedHarts();
  const skipped = (processId() + vcpu.index) % <u64>popcnt<u64>(harts);
  for (let count: u64 = 0; count < skipped; count++) harts &= harts - 1;
  vcpu.affinity = harts & (0 - harts);
  const result = restrictTo(changetype<usize>(vcpu) + offsetof<Vcpu>('affinity'));
  if (result < 0) failWith(STATUS_DRIVER, cstr('cannot pin a vCPU to a hart'), result);
}
