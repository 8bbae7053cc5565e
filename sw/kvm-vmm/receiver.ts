import { KVM_INTERRUPT } from '../kvm/abi.ts';
import { fn_addr } from '../shared/rv.ts';
import { VirtioDevice, takeVirtioInterrupt, virtioAt } from '../vmm/devices/virtio/device.ts';
import { receiveFrame } from '../vmm/devices/virtio/net.ts';
import { NET_SLOT, VIRTIO_FIRST_SOURCE } from '../vmm/devices/virtio/slots.ts';
import { control, processId } from '../vmm/host.ts';
import { pinBehind, startIoThread } from '../vmm/io-thread.ts';
import { isExitless, vcpuCount } from '../vmm/options.ts';
import { kvm } from './kvm.ts';

/** Begins the thread that waits for frames from outside: a vCPU cannot. All else the vCPUs' own threads do. */
export function startReceiver(): void {
  const net = virtioAt(NET_SLOT);
  if (net.id != 0) startIoThread(net, fn_addr(receiveFrames));
}

function receiveFrames(device: VirtioDevice): void {
  pinBehind(processId() + vcpuCount);
  while (true) {
    receiveFrame(device);
    if (isExitless && takeVirtioInterrupt(device))
      control(kvm, KVM_INTERRUPT, VIRTIO_FIRST_SOURCE + device.slot);
  }
}
