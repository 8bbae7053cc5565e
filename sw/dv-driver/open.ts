import { EBUSY, ENODEV, ENOSPC } from '../shared/syscalls.ts';
import { startedHarts } from '../host/hart.ts';
import { Process } from '../host/process/process.ts';
import { pmcRevoke, remoteGuestFence } from '../host/sbi-client.ts';
import { DV_GRANT_COUNT } from './abi.ts';
import { isAvailable } from './features.ts';
import { freeGrantMemory } from './grants.ts';
import { endPosting } from './posting.ts';
import { forgetVm } from './residence.ts';
import { grantOf, Vm, VM_CAPACITY, vmAt } from './vm.ts';

/** openat: makes the process's VM. 0 or a negative error number. */
export function openDriver(process: Process): i64 {
  if (!isAvailable) return -ENODEV;
  if (process.vm !== null) return -EBUSY;
  for (let i: u64 = 0; i < VM_CAPACITY; i++) {
    const vm = vmAt(i);
    if (vm.id != 0) continue;
    vm.id = i + 1;
    vm.process = process;
    vm.exceptions = 0;
    vm.interrupts = 0;
    vm.isDelegated = 0;
    vm.hgatp = 0;
    vm.vcpuCount = 0;
    vm.postedVcpus = 0;
    for (let j: u64 = 0; j < DV_GRANT_COUNT; j++) grantOf(vm, j).bytes = 0;
    process.vm = vm;
    return 0;
  }
  return -ENOSPC;
}

function endVm(process: Process, vm: Vm): void {
  // first nothing can reach the memory any more, then it is given back
  pmcRevoke(vm.id, 0, 0);
  endPosting(vm);
  remoteGuestFence(startedHarts);
  for (let i: u64 = 0; i < DV_GRANT_COUNT; i++) freeGrantMemory(process, grantOf(vm, i));
  forgetVm(vm.id);
  vm.id = 0;
  process.vm = null;
}

/** close: ends the VM. EBUSY while a vCPU is registered. */
export function closeDriver(process: Process): i64 {
  const vm = process.vm;
  if (vm === null) return 0;
  if (vm.vcpuCount != 0) return -EBUSY;
  endVm(process, vm);
  return 0;
}

/** End of a process, all threads gone: ends its VM if it has one. */
export function abandonVm(process: Process): void {
  const vm = process.vm;
  if (vm !== null) endVm(process, vm);
}
