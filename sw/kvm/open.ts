import * as csr from 'rv/csr';
import { csrr } from '../shared/rv.ts';
import { zeroBytes } from '../shared/bytes.ts';
import { EBUSY, ENODEV, ENOMEM, ENOSPC } from '../shared/syscalls.ts';
import { hasHypervisor } from '../dv-driver/features.ts';
import { startedHarts } from '../host/hart.ts';
import { freeBlock, freePage, PAGE_BYTES, takeBlock, takePage } from '../host/memory/frames.ts';
import { unmapPage } from '../host/memory/page-table.ts';
import { Process } from '../host/process/process.ts';
import { pmcLimits, remoteGuestFence } from '../host/sbi-client.ts';
import { KVM_VCPU_COUNT } from './abi.ts';
import { makePageRecords } from './memory/page-records.ts';
import { freeSpareTables, freeStage2Tables } from './memory/stage2.ts';
import { makeZeroPage } from './memory/zero-page.ts';
import { dropController } from './posting.ts';
import { forgetResident } from './vcpu/load-put.ts';
import { KvmVcpu } from './vcpu/vcpu.ts';
import { FIRST_VM_ID, KvmVm, kvmVcpu, KVM_VM_CAPACITY, kvmVmAt, setKvmVmAt } from './vm.ts';

/** hgatp: mode Sv39x4 and the position of the VM's id. `priv 18.2.10` */
const MODE_SV39X4: u64 = 8;
const HGATP_MODE_SHIFT: u64 = 60;
const HGATP_VMID_SHIFT: u64 = 44;
const HGATP_PPN: u64 = 0xfff_ffff_ffff;
/** The root of Sv39x4 is four pages long. `priv 18.5.1` */
const ROOT_BYTES: usize = 4 * PAGE_BYTES;

function freeRow(): u64 {
  for (let i: u64 = 0; i < KVM_VM_CAPACITY; i++) {
    if (kvmVmAt(i) === null) return i;
  }
  return KVM_VM_CAPACITY;
}

/** openat: makes the process's VM. 0 or a negative error number. */
export function openKvm(process: Process): i64 {
  if (!hasHypervisor || pmcLimits() != 0) return -ENODEV;
  if (process.kvm !== null) return -EBUSY;
  const row = freeRow();
  if (row == KVM_VM_CAPACITY) return -ENOSPC;
  if (!makePageRecords() || !makeZeroPage()) return -ENOMEM;
  const page = takePage();
  const root = takeBlock(ROOT_BYTES, ROOT_BYTES);
  if (page == 0 || root == 0) return -ENOMEM;
  zeroBytes(root, ROOT_BYTES);
  const vm = changetype<KvmVm>(page);
  vm.id = FIRST_VM_ID + row;
  vm.process = process;
  vm.hgatp = (MODE_SV39X4 << HGATP_MODE_SHIFT) | (vm.id << HGATP_VMID_SHIFT) | (root >> 12);
  vm.timeDelta = 0 - csrr(csr.time);
  setKvmVmAt(row, vm);
  process.kvm = vm;
  return 0;
}

function endVcpu(process: Process, vcpu: KvmVcpu): void {
  freeSpareTables(vcpu);
  forgetResident(vcpu);
  unmapPage(process.root, vcpu.runAddress);
  freePage(changetype<usize>(vcpu.run));
  freePage(changetype<usize>(vcpu));
}

/** End of a process, all threads gone: ends its VM if it has one. */
export function abandonKvm(process: Process): void {
  const found = process.kvm;
  if (found === null) return;
  const vm = changetype<KvmVm>(found);
  for (let id: u64 = 0; id < KVM_VCPU_COUNT; id++) {
    const vcpu = kvmVcpu(vm, id);
    if (vcpu !== null) endVcpu(process, changetype<KvmVcpu>(vcpu));
  }
  dropController(vm);
  freeStage2Tables(vm);
  freeBlock((<usize>(vm.hgatp & HGATP_PPN)) << 12, ROOT_BYTES);
  remoteGuestFence(startedHarts);
  setKvmVmAt(vm.id - FIRST_VM_ID, null);
  process.kvm = null;
  freePage(changetype<usize>(vm));
}
