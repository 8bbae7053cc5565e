import { sym_addr } from '../shared/rv.ts';
import { Process } from '../host/process/process.ts';
import { VcpuState } from './vcpu-state.ts';
import { DV_GRANT_COUNT } from './abi.ts';

/** Most VMs at a time: the memory that PMC entries can describe is the tighter bound. */
export const VM_CAPACITY: u64 = 16;
/** Most vCPUs of all VMs together: one per thread. */
export const VCPU_CAPACITY: u64 = 64;

/** Physically contiguous memory that a VM was granted. */
@unmanaged
export class Grant {
  /** 0 = this row is free. */
  bytes: usize;
  physical: usize;
  /** Where the process has it. */
  address: u64;
}

/** One VM: what the driver knows of it. */
@unmanaged
export class Vm {
  /** h_vmid, 0 = this row is free. */
  id: u64;
  process: Process;
  /** Delegated exceptions and interrupts. */
  exceptions: u64;
  interrupts: u64;
  /** Whether delegation was requested: 0 or 1. */
  isDelegated: u64;
  /** Stage-2 root with mode and VM id, or 0. */
  hgatp: u64;
  /** Threads that are vCPUs. */
  vcpuCount: u64;
  /** vCPUs that can be posted to. */
  postedVcpus: u64;
}

const GRANTS_OFFSET: usize = 64;
const ROW_BYTES: usize = GRANTS_OFFSET + <usize>DV_GRANT_COUNT * offsetof<Grant>();

/** Row `index` of the VM table. */
export function vmAt(index: u64): Vm {
  return changetype<Vm>(sym_addr('vms') + index * ROW_BYTES);
}

/** Grant row `index` of a VM. */
export function grantOf(vm: Vm, index: u64): Grant {
  return changetype<Grant>(changetype<usize>(vm) + GRANTS_OFFSET + index * offsetof<Grant>());
}

/** Row `index` of the vCPU table. */
export function vcpuAt(index: u64): VcpuState {
  return changetype<VcpuState>(sym_addr('vcpus') + index * offsetof<VcpuState>());
}

/** The registered vCPU of a VM with an id, or null. */
export function vcpuOf(vm: Vm, id: u64): VcpuState | null {
  for (let i: u64 = 0; i < VCPU_CAPACITY; i++) {
    const vcpu = vcpuAt(i);
    if (vcpu.vm == vm && vcpu.id == id) return vcpu;
  }
  return null;
}
