import * as csr from 'rv/csr';
import { csrw, hfence_gvma_all } from '../shared/rv.ts';
import { EBUSY, EEXIST, EFAULT, EINVAL, ENODEV, ENOTTY, EPERM } from '../shared/syscalls.ts';
import { settleTransfers } from '../host/disk.ts';
import { Hart, startedHarts } from '../host/hart.ts';
import { copyIn } from '../host/memory/user-memory.ts';
import { Thread, threadLimit, THREAD_RUNNING, threadAt } from '../host/process/thread.ts';
import { remoteGuestFence, sendInterrupt } from '../host/sbi-client.ts';
import {
  DelegationRequest,
  DV_API_VERSION,
  DV_DELEGABLE_EXCEPTIONS,
  DV_DELEGABLE_INTERRUPTS,
  DV_ENABLE_POSTING,
  DV_FENCE_GUEST,
  DV_GET_API_VERSION,
  DV_GET_VMID,
  DV_IO_COUNT,
  DV_KICK_VCPU,
  DV_QUERY_PHYSICAL,
  DV_REGISTER_IO,
  DV_REGISTER_VCPU,
  DV_RELEASE,
  DV_REQUEST_DELEG,
  DV_SET_STAGE2_ROOT,
  DV_UNREGISTER_VCPU,
  DV_VCPU_COUNT,
} from './abi.ts';
import { grantOfPhysical, physicalOf, releaseGrant, ROOT_BYTES } from './grants.ts';
import { enablePosting } from './posting.ts';
import { dropVcpu, loadVcpu, makeVcpu, saveVcpu } from './vcpu.ts';
import { vcpuOf, Vm } from './vm.ts';

/** hgatp: mode Sv39x4 and the position of the VM's id. `priv 18.2.10` */
const MODE_SV39X4: u64 = 8;
const HGATP_MODE_SHIFT: u64 = 60;
const HGATP_VMID_SHIFT: u64 = 44;
const HGATP_PPN: u64 = 0xfff_ffff_ffff;

const request = changetype<DelegationRequest>(memory.data(offsetof<DelegationRequest>(), 8));

function requestDelegation(thread: Thread, vm: Vm, address: u64): i64 {
  const target = changetype<usize>(request);
  if (!copyIn(thread.process, target, address, offsetof<DelegationRequest>())) return -EFAULT;
  if ((request.exceptions & ~DV_DELEGABLE_EXCEPTIONS) != 0) return -EPERM;
  if ((request.interrupts & ~DV_DELEGABLE_INTERRUPTS) != 0) return -EPERM;
  if (vm.vcpuCount != 0) return -EBUSY;
  vm.exceptions = request.exceptions;
  vm.interrupts = request.interrupts;
  vm.isDelegated = 1;
  return 0;
}

function register(thread: Thread, vm: Vm, id: u64, end: u64): i64 {
  if (thread.vcpu !== null) return -EBUSY;
  if (vm.isDelegated == 0) return -EPERM;
  const harts = thread.affinity;
  if (id >= end || (harts & (harts - 1)) != 0) return -EINVAL;
  if (vcpuOf(vm, id) !== null) return -EEXIST;
  const vcpu = makeVcpu(vm, id);
  if (vcpu === null) return -EBUSY;
  thread.vcpu = vcpu;
  loadVcpu(vcpu);
  return 0;
}

/** An I/O thread is kept as a vCPU is, with a number that no vCPU can have. */
function registerIo(thread: Thread, vm: Vm, number: u64): i64 {
  if (number >= DV_IO_COUNT) return -EINVAL;
  return register(thread, vm, DV_VCPU_COUNT + number, DV_VCPU_COUNT + DV_IO_COUNT);
}

function unregisterVcpu(thread: Thread): i64 {
  const vcpu = thread.vcpu;
  if (vcpu === null) return -EINVAL;
  saveVcpu(vcpu);
  dropVcpu(thread);
  return 0;
}

/** Address of the stage-2 root in use, or 0. */
function rootOf(vm: Vm): usize {
  return (vm.hgatp & HGATP_PPN) << 12;
}

function setStage2Root(thread: Thread, vm: Vm, root: usize): i64 {
  if ((root & (ROOT_BYTES - 1)) != 0) return -EINVAL;
  if (root != 0 && grantOfPhysical(vm, root, ROOT_BYTES) === null) return -EFAULT;
  const own = thread.vcpu;
  if (vm.vcpuCount > (own === null ? 0 : 1)) return -EBUSY;
  vm.hgatp =
    root == 0 ? 0 : (MODE_SV39X4 << HGATP_MODE_SHIFT) | (vm.id << HGATP_VMID_SHIFT) | (root >> 12);
  if (own !== null) {
    csrw(csr.hgatp, vm.hgatp);
    hfence_gvma_all();
  }
  return 0;
}

function kickVcpu(hart: Hart, vm: Vm, id: u64): i64 {
  const vcpu = vcpuOf(vm, id);
  if (vcpu === null) return -EINVAL;
  vcpu.isKicked = 1;
  for (let i: u64 = 0; i < threadLimit; i++) {
    const thread = threadAt(i);
    if (thread.state != THREAD_RUNNING || thread.vcpu != vcpu) continue;
    // its hart raises the exit on the way out of the kernel
    if (thread.runsOn != hart) sendInterrupt(1 << thread.runsOn.id);
    return 1;
  }
  return 0;
}

/** One ioctl on the driver: abi.ts has the contract of each request. */
export function driverRequest(hart: Hart, thread: Thread, number: u64, argument: u64): i64 {
  const vm = thread.process.vm;
  if (vm === null) return -ENODEV;
  switch (<u32>number) {
    case <u32>DV_GET_API_VERSION:
      return <i64>DV_API_VERSION;
    case <u32>DV_REQUEST_DELEG:
      return requestDelegation(thread, vm, argument);
    case <u32>DV_REGISTER_VCPU:
      return register(thread, vm, argument, DV_VCPU_COUNT);
    case <u32>DV_REGISTER_IO:
      return registerIo(thread, vm, argument);
    case <u32>DV_UNREGISTER_VCPU:
      return unregisterVcpu(thread);
    case <u32>DV_QUERY_PHYSICAL: {
      const physical = physicalOf(vm, argument);
      return physical == 0 ? -EFAULT : <i64>physical;
    }
    case <u32>DV_RELEASE:
      settleTransfers(hart, thread.process);
      return releaseGrant(thread.process, vm, argument, rootOf(vm));
    case <u32>DV_GET_VMID:
      return <i64>vm.id;
    case <u32>DV_SET_STAGE2_ROOT:
      return setStage2Root(thread, vm, argument);
    case <u32>DV_KICK_VCPU:
      return kickVcpu(hart, vm, argument);
    case <u32>DV_ENABLE_POSTING:
      return enablePosting(vm, argument);
    case <u32>DV_FENCE_GUEST:
      remoteGuestFence(startedHarts);
      return 0;
    default:
      return -ENOTTY;
  }
}
