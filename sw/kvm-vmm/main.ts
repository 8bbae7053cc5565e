import { cstr } from '../shared/rv.ts';
import {
  EntryRegisters,
  KVM_CAP_DV_STATE,
  KVM_CAP_FORWARD_EXITS,
  KVM_CREATE_IRQCHIP,
  KVM_ENABLE_CAP,
  KVM_GUESTS_POST,
  KVM_SET_ENTRY,
  KVM_SET_USER_MEMORY_REGION,
  MemoryRegion,
} from '../kvm/abi.ts';
import { createVirtioDevices } from '../vmm/devices/virtio/create.ts';
import { writeDeviceTree } from '../vmm/device-tree.ts';
import { fail, nameProgram, STATUS_DRIVER, STATUS_USAGE } from '../vmm/failure.ts';
import { RAM_BASE, useAsRam } from '../vmm/guest-ram.ts';
import { allocatePages } from '../vmm/host.ts';
import { PLIC_BASE } from '../vmm/interrupt-controller.ts';
import { loadKernel } from '../vmm/kernel.ts';
import {
  isDeprivileged,
  isExitless,
  switchesDvState,
  kernelPath,
  memorySize,
  readOptions,
  usesMegapages,
  vcpuCount,
} from '../vmm/options.ts';
import { measureTimebase } from '../vmm/time.ts';
import { openKvm, require } from './kvm.ts';
import { startReceivers } from './receivers.ts';
import { awaitVcpus, createVcpu, startVcpu } from './vcpu.ts';

const region = changetype<MemoryRegion>(memory.data(offsetof<MemoryRegion>(), 8));
const entry = changetype<EntryRegisters>(memory.data(offsetof<EntryRegisters>(), 8));

/** Private memory of this process, whose pages appear on first touch, becomes the guest's RAM. */
function createRam(): void {
  const address = allocatePages(memorySize);
  if (address < 0) fail(STATUS_DRIVER, cstr('no memory for the guest'));
  useAsRam(<usize>address, memorySize);
  region.guestPhysical = RAM_BASE;
  region.bytes = memorySize;
  region.userAddress = <u64>address;
  require(KVM_SET_USER_MEMORY_REGION, changetype<usize>(region), cstr(
    'the kernel refuses the memory',
  ));
}

/** Whether the guest may post interrupts to its harts itself. */
let doesGuestPost: bool = false;

function enable(capability: u64): void {
  require(KVM_ENABLE_CAP, capability, cstr('the kernel lacks a capability, or its harts'));
}

/** Interrupts of the guest are posted, and it has an interrupt controller. */
function createController(): void {
  const result = require(KVM_CREATE_IRQCHIP, PLIC_BASE, cstr('the kernel posts no interrupts'));
  doesGuestPost = ((<u64>result) & KVM_GUESTS_POST) != 0;
}

/** One process, one VM: gives it memory, image and device tree, and runs its vCPUs until the guest ends. */
export function main(argumentCount: u64, words: usize): u64 {
  nameProgram(cstr('kvm-vmm'));
  readOptions(argumentCount, words);
  if (usesMegapages) fail(STATUS_USAGE, cstr('--megapages: pages are backed one by one'));
  openKvm();
  createRam();
  createVirtioDevices();
  if (isExitless) createController();
  if (switchesDvState) enable(KVM_CAP_DV_STATE);
  if (isDeprivileged) enable(KVM_CAP_FORWARD_EXITS);
  measureTimebase();
  for (let index: u64 = 0; index < vcpuCount; index++) createVcpu(index);
  entry.pc = loadKernel(kernelPath);
  entry.a1 = writeDeviceTree(isExitless, doesGuestPost);
  require(KVM_SET_ENTRY, changetype<usize>(entry), cstr('the kernel refuses the entry'));
  for (let index: u64 = 0; index < vcpuCount; index++) startVcpu(index);
  startReceivers();
  awaitVcpus();
  return 0;
}
