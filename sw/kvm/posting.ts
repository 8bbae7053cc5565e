import * as csr from 'rv/csr';
import { PAGE } from '../shared/page.ts';
import { csrr, csrw } from '../shared/rv.ts';
import {
  IPI,
  PLIC_CONTEXTS,
  postOperand,
  SHARED_PAGES,
  WINDOW_CONTEXTS,
} from '../shared/posted-window.ts';
import { EBUSY, EEXIST, EINVAL, ENODEV, ENOSPC } from '../shared/syscalls.ts';
import { hasPosting, hasWindow, NO_VCPU, setPostedVcpus, windowOf } from '../dv-driver/posting.ts';
import { doGuestsPost, postedVcpus } from '../host/machine.ts';
import { KVM_GUESTS_POST, KVM_SOURCES, KVM_VCPU_COUNT } from './abi.ts';
import { KvmVcpu } from './vcpu/vcpu.ts';
import { kvmVcpu, KvmVm } from './vm.ts';

/**
 * Exitless interrupts of DV-Ext, used from the kernel: harts say which vCPU of which VM they run, and the posted-interrupt unit delivers what is
 * posted to it. Nothing is delegated to user level. `dv-ext 8.2`
 */

const PAGE_MASK: u64 = 4095;

/** KVM_CREATE_IRQCHIP: opens the unit to the VM. */
export function createController(vm: KvmVm, address: u64): i64 {
  if (!hasPosting || postedVcpus < KVM_VCPU_COUNT) return -ENODEV;
  if (vm.isPosted != 0) return -EEXIST;
  if ((address & PAGE_MASK) != 0) return -EINVAL;
  for (let id: u64 = 0; id < KVM_VCPU_COUNT; id++) if (kvmVcpu(vm, id) !== null) return -EBUSY;
  if (!hasWindow(vm.id)) return -ENOSPC;
  vm.isPosted = 1;
  vm.controller = address;
  setPostedVcpus(vm.id, KVM_VCPU_COUNT);
  return doGuestsPost ? <i64>KVM_GUESTS_POST : 0;
}

/** The end of the VM. */
export function dropController(vm: KvmVm): void {
  if (vm.isPosted != 0) setPostedVcpus(vm.id, 0);
}

/** Whether guests of the VM write hu_vitr themselves. */
export function doesGuestPost(vm: KvmVm): bool {
  return vm.isPosted != 0 && doGuestsPost;
}

/** From now on what is posted to the vCPU, and what is recorded, arrives on this hart; its pending interrupts are in place. */
export function attachPosting(vcpu: KvmVcpu): void {
  if (vcpu.vm.isPosted == 0) return;
  if (csrr(csr.h_vmid) != vcpu.vm.id) csrw(csr.h_vmid, vcpu.vm.id);
  csrw(csr.hu_vcpuid, vcpu.id);
}

/** From now on it is recorded: before its pending interrupts are saved. */
export function detachPosting(vcpu: KvmVcpu): void {
  if (vcpu.vm.isPosted != 0) csrw(csr.hu_vcpuid, NO_VCPU);
}

/** KVM_INTERRUPT: a device of the process interrupts vCPU 0; this hart runs no vCPU, so that it can post for any VM. */
export function raiseSource(vm: KvmVm, source: u64): i64 {
  if (vm.isPosted == 0) return -ENODEV;
  if (source - 1 >= KVM_SOURCES) return -EINVAL;
  if (csrr(csr.h_vmid) != vm.id) csrw(csr.h_vmid, vm.id);
  csrw(csr.hu_vitr, postOperand(0, source));
  return 0;
}

/** Posts a software interrupt to a vCPU of the VM that this hart runs. */
export function postIpi(target: KvmVcpu): void {
  csrw(csr.hu_vitr, postOperand(target.id, IPI));
}

/** The page of the unit that the guest finds at an address of its interrupt controller; 0 = none. */
export function controllerPage(vm: KvmVm, address: u64): usize {
  if (vm.isPosted == 0) return 0;
  const page = (address - vm.controller) & ~PAGE_MASK;
  if (page < SHARED_PAGES * PAGE) return windowOf(vm.id) + <usize>page;
  const context = page - PLIC_CONTEXTS;
  if (context >= KVM_VCPU_COUNT * PAGE) return 0;
  return windowOf(vm.id) + <usize>(WINDOW_CONTEXTS + context);
}
