import { DV_GET_VMID, DV_REGISTER_IO } from '../../dv-driver/abi.ts';
import { VIRTIO_BLK_REQUESTQ, VIRTIO_ID_BLOCK } from '../../shared/virtio-block.ts';
import { VIRTIO_NET_TRANSMITQ } from '../../shared/virtio-net.ts';
import { cstr, fn_addr } from '../../shared/rv.ts';
import { VirtioDevice, takeVirtioInterrupt, virtioAt } from '../../vmm/devices/virtio/device.ts';
import { receiveInput } from '../../vmm/devices/virtio/console-input.ts';
import { receiveFrame } from '../../vmm/devices/virtio/net.ts';
import { serveApart } from '../../vmm/devices/virtio/serve-apart.ts';
import {
  BLOCK_SLOT,
  CONSOLE_SLOT,
  NET_SLOT,
  VIRTIO_FIRST_SOURCE,
  VIRTIO_SLOTS,
} from '../../vmm/devices/virtio/slots.ts';
import { awaitBell } from '../../vmm/devices/virtio/thread-bell.ts';
import { STATUS_DRIVER, failWith } from '../../vmm/failure.ts';
import { control } from '../../vmm/host.ts';
import { pinBehind, startIoThread } from '../../vmm/io-thread.ts';
import { vcpuCount } from '../../vmm/options.ts';
import { driver } from '../vm/driver.ts';
import { isPosting, postVector } from '../vm/posting.ts';

/** Gives each device whose requests take long a thread of its own, and one to the frames that come; they end with the process. */
export function startIoThreads(): void {
  startServing(virtioAt(BLOCK_SLOT));
  const net = virtioAt(NET_SLOT);
  startServing(net);
  if (net.id != 0) startIoThread(net, fn_addr(receiveFrames));
  const console = virtioAt(CONSOLE_SLOT);
  if (console.id != 0) startIoThread(console, fn_addr(receiveInputs));
}

function startServing(device: VirtioDevice): void {
  if (device.id == 0) return;
  device.hasThread = 1;
  startIoThread(device, fn_addr(serveDevice));
}

/** The queue of a device whose buffers its thread uses: requests that take their time. */
function queueOfThread(device: VirtioDevice): u32 {
  return device.id == VIRTIO_ID_BLOCK ? VIRTIO_BLK_REQUESTQ : VIRTIO_NET_TRANSMITQ;
}

/** The life of a device's thread: a buffer after the other, and asleep in between (duvisor 7.13). */
function serveDevice(device: VirtioDevice): void {
  begin(device.slot);
  const queue = queueOfThread(device);
  while (true) {
    while (serveApart(device, queue)) tellDriver(device);
    awaitBell(device);
  }
}

/** The life of the thread for frames that come. */
function receiveFrames(device: VirtioDevice): void {
  begin(VIRTIO_SLOTS + device.slot);
  while (true) {
    receiveFrame(device);
    tellDriver(device);
  }
}

/** The life of the thread for what is typed. */
function receiveInputs(device: VirtioDevice): void {
  begin(device.slot);
  while (true) {
    receiveInput(device);
    tellDriver(device);
  }
}

/** Goes to the hart behind those of the VM's vCPUs, one of its own where there are enough, and becomes a thread that may post. */
function begin(number: u32): void {
  pinBehind(<u64>control(driver, DV_GET_VMID, 0) + vcpuCount);
  if (!isPosting) return;
  const result = control(driver, DV_REGISTER_IO, number);
  if (result < 0) failWith(STATUS_DRIVER, cstr('the DV-driver refuses an I/O thread'), result);
}

function tellDriver(device: VirtioDevice): void {
  if (isPosting && takeVirtioInterrupt(device))
    postVector(device.listener, VIRTIO_FIRST_SOURCE + device.slot);
}
