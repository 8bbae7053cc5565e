import { HART_CAPACITY } from '../host/hart.ts';
import { Process } from '../host/process/process.ts';
import { KVM_VCPU_COUNT } from './abi.ts';
import { KvmVcpu } from './vcpu/vcpu.ts';

/** VMs at a time. */
export const KVM_VM_CAPACITY: u64 = 8;
/** VM ids of translations and posts; the DV-driver, which has VMs only where there is a PMC and this hypervisor has none, uses the same. */
export const FIRST_VM_ID: u64 = 1;
/** Pieces of RAM of one VM. */
export const SLOT_CAPACITY: u64 = 8;

/** Memory of the process that is RAM of the guest. */
@unmanaged
export class MemorySlot {
  /** Number of the first guest page. */
  firstPage: u64;
  /** Pages; 0 ends the list. */
  pages: u64;
  /** Where the process has it. */
  userAddress: u64;
}

/** How often a hart began and ended to read one of the two sets of slots. */
@unmanaged
export class ReaderCount {
  begun: u64;
  ended: u64;
}

/** One VM; a page of its own, its tables behind the fields. */
@unmanaged
export class KvmVm {
  /** VM id of its translations. */
  id: u64;
  process: Process;
  /** Stage-2 root with mode and id. */
  hgatp: u64;
  /** Word of the lock of the stage-2 tables. */
  mmuLock: u64;
  /** Counts changes of the process's pages, odd while one is under way; under the lock of the stage-2 tables. */
  notifications: u64;
  /** What `time` of the guest is ahead. */
  timeDelta: u64;
  /** The set of slots in force, 0 or 1. */
  slotSet: u64;
  /** 1 when interrupts are posted; where the guest then has its interrupt controller. */
  isPosted: u64;
  controller: u64;
  /** Capabilities that were enabled: 1 << KVM_CAP_*. */
  capabilities: u64;
}

const VCPUS_OFFSET: usize = 128;
const SLOTS_OFFSET: usize = VCPUS_OFFSET + <usize>KVM_VCPU_COUNT * 8;
const READERS_OFFSET: usize = SLOTS_OFFSET + 2 * <usize>SLOT_CAPACITY * offsetof<MemorySlot>();

/** A vCPU, or null. */
export function kvmVcpu(vm: KvmVm, id: u64): KvmVcpu | null {
  return changetype<KvmVcpu | null>(load<usize>(changetype<usize>(vm) + VCPUS_OFFSET + (id << 3)));
}

/** Gives a vCPU its place. */
export function setKvmVcpu(vm: KvmVm, id: u64, vcpu: KvmVcpu | null): void {
  store<usize>(changetype<usize>(vm) + VCPUS_OFFSET + (id << 3), changetype<usize>(vcpu));
}

/** First slot of a set. */
export function slotsOf(vm: KvmVm, set: u64): usize {
  return (
    changetype<usize>(vm) + SLOTS_OFFSET + <usize>(set * SLOT_CAPACITY) * offsetof<MemorySlot>()
  );
}

/** The counts of a hart for a set. */
export function readersOf(vm: KvmVm, set: u64, hart: u64): ReaderCount {
  const place = READERS_OFFSET + <usize>(set * HART_CAPACITY + hart) * offsetof<ReaderCount>();
  return changetype<ReaderCount>(changetype<usize>(vm) + place);
}

const table: usize = memory.data(64, 8);

/** The VM in a row of the table, or null. */
export function kvmVmAt(index: u64): KvmVm | null {
  return changetype<KvmVm | null>(load<usize>(table + (index << 3)));
}

/** Puts a VM, or nothing, into a row of the table. */
export function setKvmVmAt(index: u64, vm: KvmVm | null): void {
  store<usize>(table + (index << 3), changetype<usize>(vm));
}
