import { KVM_INTERRUPT } from '../kvm/abi.ts';
import { fn_addr } from '../shared/rv.ts';
import { receiveInput } from '../vmm/devices/virtio/console-input.ts';
import { VirtioDevice, takeVirtioInterrupt, virtioAt } from '../vmm/devices/virtio/device.ts';
import { receiveFrame } from '../vmm/devices/virtio/net.ts';
import { CONSOLE_SLOT, NET_SLOT, VIRTIO_FIRST_SOURCE } from '../vmm/devices/virtio/slots.ts';
import { control, processId } from '../vmm/host.ts';
import { pinBehind, startIoThread } from '../vmm/io-thread.ts';
import { isExitless, vcpuCount } from '../vmm/options.ts';
import { kvm } from './kvm.ts';

/** Begins the threads that wait for frames and for what is typed: a vCPU cannot. All else the vCPUs' own threads do. */
export function startReceivers(): void {
  const net = virtioAt(NET_SLOT);
  if (net.id != 0) startIoThread(net, fn_addr(receiveFrames));
  const console = virtioAt(CONSOLE_SLOT);
  if (console.id != 0) startIoThread(console, fn_addr(receiveInputs));
}

function receiveFrames(device: VirtioDevice): void {
  pinBehind(processId() + vcpuCount);
  while (true) {
    receiveFrame(device);
    tellDriver(device);
  }
}

function receiveInputs(device: VirtioDevice): void {
  pinBehind(processId() + vcpuCount);
  while (true) {
    receiveInput(device);
    tellDriver(device);
  }
}

function tellDriver(device: VirtioDevice): void {
  if (isExitless && takeVirtioInterrupt(device))
    control(kvm, KVM_INTERRUPT, VIRTIO_FIRST_SOURCE + device.slot);
}
