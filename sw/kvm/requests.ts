import {
  EBUSY,
  EEXIST,
  EFAULT,
  EINVAL,
  ENODEV,
  ENOMEM,
  ENOTTY,
  PROT_READ,
  PROT_WRITE,
} from '../shared/syscalls.ts';
import { SBI_HSM_STATE_STARTED, SBI_HSM_STATE_STOPPED } from '../shared/sbi.ts';
import { Hart } from '../host/hart.ts';
import { addArea, AREA_RUN_PAGE, permissionsOf } from '../host/memory/area.ts';
import { freePage, PAGE_BYTES, takePage } from '../host/memory/frames.ts';
import { mapPage } from '../host/memory/page-table.ts';
import { reserveAddresses } from '../host/memory/user-addresses.ts';
import { copyIn } from '../host/memory/user-memory.ts';
import { FOREVER, Thread } from '../host/process/thread.ts';
import {
  EntryRegisters,
  KVM_API_VERSION,
  KVM_CREATE_IRQCHIP,
  KVM_CREATE_VCPU,
  KVM_ENABLE_CAP,
  KVM_GET_API_VERSION,
  KVM_INTERRUPT,
  KVM_RUN,
  KVM_SET_ENTRY,
  KVM_SET_LINE,
  KVM_SET_USER_MEMORY_REGION,
  KVM_VCPU_COUNT,
  MemoryRegion,
  RunPage,
} from './abi.ts';
import { enableCapability } from './capabilities.ts';
import { setLine } from './line.ts';
import { addMemory } from './memory-slots.ts';
import { createController, raiseSource } from './posting.ts';
import { runVcpu } from './run.ts';
import { addRequests } from './vcpu/kick.ts';
import { REQUEST_RESET } from './vcpu/requests.ts';
import { KvmVcpu } from './vcpu/vcpu.ts';
import { KvmVm, kvmVcpu, setKvmVcpu } from './vm.ts';

const region = changetype<MemoryRegion>(memory.data(offsetof<MemoryRegion>(), 8));
const entry = changetype<EntryRegisters>(memory.data(offsetof<EntryRegisters>(), 8));

function setMemory(thread: Thread, vm: KvmVm, address: u64): i64 {
  const target = changetype<usize>(region);
  if (!copyIn(thread.process, target, address, offsetof<MemoryRegion>())) return -EFAULT;
  return addMemory(vm, region);
}

/** Maps a new RunPage into the process; its address, or 0. */
function mapRunPage(thread: Thread, page: usize): u64 {
  const process = thread.process;
  const permissions = permissionsOf(PROT_READ | PROT_WRITE);
  const address = reserveAddresses(process, PAGE_BYTES, PAGE_BYTES);
  if (address == 0) return 0;
  const area = addArea(process, AREA_RUN_PAGE, address, address + PAGE_BYTES, permissions);
  if (area === null) return 0;
  return mapPage(process.root, address, page, permissions) ? address : 0;
}

function createVcpu(thread: Thread, vm: KvmVm, id: u64): i64 {
  if (id >= KVM_VCPU_COUNT) return -EINVAL;
  if (kvmVcpu(vm, id) !== null) return -EEXIST;
  const page = takePage();
  const runPage = takePage();
  const address = page != 0 && runPage != 0 ? mapRunPage(thread, runPage) : 0;
  if (address == 0) {
    if (page != 0) freePage(page);
    if (runPage != 0) freePage(runPage);
    return -ENOMEM;
  }
  const vcpu = changetype<KvmVcpu>(page);
  vcpu.vm = vm;
  vcpu.id = id;
  vcpu.isPosted = vm.isPosted;
  vcpu.capabilities = vm.capabilities;
  vcpu.run = changetype<RunPage>(runPage);
  vcpu.runAddress = address;
  vcpu.timerDeadline = FOREVER;
  vcpu.hartState = SBI_HSM_STATE_STOPPED;
  setKvmVcpu(vm, id, vcpu);
  return <i64>address;
}

function setEntry(thread: Thread, vm: KvmVm, address: u64): i64 {
  const target = changetype<usize>(entry);
  if (!copyIn(thread.process, target, address, offsetof<EntryRegisters>())) return -EFAULT;
  const found = kvmVcpu(vm, 0);
  if (found === null) return -EINVAL;
  const vcpu = changetype<KvmVcpu>(found);
  if (vcpu.hartState != SBI_HSM_STATE_STOPPED) return -EBUSY;
  vcpu.startAddress = entry.pc;
  vcpu.startArgument = entry.a1;
  vcpu.hartState = SBI_HSM_STATE_STARTED;
  addRequests(vcpu, REQUEST_RESET);
  return 0;
}

/** One ioctl on "/dev/kvm": abi.ts has the contract of each request. */
export function kvmRequest(hart: Hart, thread: Thread, number: u64, argument: u64): i64 {
  const found = thread.process.kvm;
  if (found === null) return -ENODEV;
  const vm = changetype<KvmVm>(found);
  switch (number) {
    case KVM_RUN: {
      const vcpu = argument < KVM_VCPU_COUNT ? kvmVcpu(vm, argument) : null;
      return vcpu === null ? -EINVAL : runVcpu(hart, thread, changetype<KvmVcpu>(vcpu));
    }
    case KVM_GET_API_VERSION:
      return <i64>KVM_API_VERSION;
    case KVM_ENABLE_CAP:
      return enableCapability(vm, argument);
    case KVM_SET_LINE:
      return setLine(vm, argument);
    case KVM_INTERRUPT:
      return raiseSource(vm, argument);
    case KVM_SET_USER_MEMORY_REGION:
      return setMemory(thread, vm, argument);
    case KVM_CREATE_IRQCHIP:
      return createController(vm, argument);
    case KVM_CREATE_VCPU:
      return createVcpu(thread, vm, argument);
    case KVM_SET_ENTRY:
      return setEntry(thread, vm, argument);
    default:
      return -ENOTTY;
  }
}
