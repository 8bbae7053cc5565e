import {
  VIRTIO_MMIO_QUEUE_DESC_HIGH,
  VIRTIO_MMIO_QUEUE_DESC_LOW,
  VIRTIO_MMIO_QUEUE_DEVICE_HIGH,
  VIRTIO_MMIO_QUEUE_DEVICE_LOW,
  VIRTIO_MMIO_QUEUE_DRIVER_HIGH,
  VIRTIO_MMIO_QUEUE_DRIVER_LOW,
  VIRTIO_MMIO_QUEUE_NUM,
  VIRTIO_MMIO_QUEUE_READY,
} from '../../../shared/virtio.ts';
import { VirtioDevice, breakDevice } from './device.ts';
import { Virtqueue, queueOf, readyQueue } from './queue.ts';

const LOW: u64 = 0xffff_ffff;

function withLow(address: u64, value: u32): u64 {
  return (address & ~LOW) | value;
}

function withHigh(address: u64, value: u32): u64 {
  return (address & LOW) | ((<u64>value) << 32);
}

/** Writes a register of the queue that QueueSel chose; a queue in use keeps its place and size (virtio 4.2.2.2). */
export function writeQueueRegister(device: VirtioDevice, offset: u32, value: u32): void {
  const queue = queueOf(device, device.queueSelect);
  if (offset == VIRTIO_MMIO_QUEUE_READY) setReady(device, queue, value);
  else if (queue.isReady == 0) setShape(queue, offset, value);
}

/** A queue that cannot be where the driver says is as broken as one with a wrong descriptor. */
function setReady(device: VirtioDevice, queue: Virtqueue, value: u32): void {
  if ((value & 1) == 0) queue.isReady = 0;
  else if (queue.isReady == 0 && !readyQueue(queue)) breakDevice(device);
}

function setShape(queue: Virtqueue, offset: u32, value: u32): void {
  switch (offset) {
    case VIRTIO_MMIO_QUEUE_NUM:
      queue.size = value;
      break;
    case VIRTIO_MMIO_QUEUE_DESC_LOW:
      queue.descriptorTable = withLow(queue.descriptorTable, value);
      break;
    case VIRTIO_MMIO_QUEUE_DESC_HIGH:
      queue.descriptorTable = withHigh(queue.descriptorTable, value);
      break;
    case VIRTIO_MMIO_QUEUE_DRIVER_LOW:
      queue.driverArea = withLow(queue.driverArea, value);
      break;
    case VIRTIO_MMIO_QUEUE_DRIVER_HIGH:
      queue.driverArea = withHigh(queue.driverArea, value);
      break;
    case VIRTIO_MMIO_QUEUE_DEVICE_LOW:
      queue.deviceArea = withLow(queue.deviceArea, value);
      break;
    case VIRTIO_MMIO_QUEUE_DEVICE_HIGH:
      queue.deviceArea = withHigh(queue.deviceArea, value);
      break;
    default:
      break;
  }
}
