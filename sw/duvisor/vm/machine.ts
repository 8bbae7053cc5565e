import { lw } from '../../shared/rv.ts';
import { ETIMEDOUT } from '../../shared/syscalls.ts';
import { waitWhile } from '../../vmm/host.ts';
import { createGuestRam } from '../memory/granted-ram.ts';
import { createStage2 } from '../memory/stage2-table.ts';
import { rotate, timeToRotation } from '../vcpu/rotation.ts';
import { createVcpu } from '../vcpu/thread.ts';
import { Vcpu, vcpuAt } from '../vcpu/vcpu.ts';
import { flushConsole } from '../../vmm/devices/console.ts';
import { createVirtioDevices } from '../../vmm/devices/virtio/create.ts';
import { writeDeviceTree } from '../../vmm/device-tree.ts';
import { openDriver } from './driver.ts';
import { loadKernel } from '../../vmm/kernel.ts';
import { kernelPath, memorySize, usesMegapages, vcpuCount } from '../../vmm/options.ts';
import { startIoThreads } from '../io/thread.ts';
import { mapInterruptController } from '../memory/interrupt-controller.ts';
import { doesGuestPost, enablePosting, isPosting } from './posting.ts';
import { exitStatusOfVm } from './shutdown.ts';
import { measureTimebase } from '../../vmm/time.ts';

/** Builds the VM that the options describe: driver, memory, stage 2, guest image, device tree; vCPU 0 will begin there (duvisor 7.3). */
export function createMachine(): void {
  openDriver();
  createGuestRam(memorySize);
  createStage2(usesMegapages);
  enablePosting();
  if (isPosting) mapInterruptController();
  createVirtioDevices();
  measureTimebase();
  const boot = vcpuAt(0);
  boot.startAddress = loadKernel(kernelPath);
  boot.startArgument = writeDeviceTree(isPosting, doesGuestPost);
}

/** Runs the VM until it stops, and gives the status for the process. */
export function runMachine(): u64 {
  startIoThreads();
  for (let index: u64 = 0; index < vcpuCount; index++) createVcpu(vcpuAt(index), index);
  for (let index: u64 = 0; index < vcpuCount; index++) awaitEnd(vcpuAt(index));
  flushConsole();
  return exitStatusOfVm();
}

function awaitEnd(vcpu: Vcpu): void {
  const word = changetype<usize>(vcpu) + offsetof<Vcpu>('threadId');
  for (let id: i32 = 0; (id = lw(word, 0)) != 0;) {
    if (waitWhile(word, <u32>id, timeToRotation()) == -ETIMEDOUT) rotate();
  }
}
