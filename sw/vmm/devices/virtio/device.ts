import { amoswap_w } from '../../../shared/rv.ts';
import { release } from '../../../shared/spin-lock.ts';
import {
  VIRTIO_INTERRUPT_CONFIG_CHANGE,
  VIRTIO_STATUS_DEVICE_NEEDS_RESET,
  VIRTIO_STATUS_DRIVER_OK,
} from '../../../shared/virtio.ts';
import { yieldHart } from '../../host.ts';
import { VIRTIO_SLOTS } from './slots.ts';

/** One device as the specification describes it, whatever its type. Fields change under its lock. */
@unmanaged
export class VirtioDevice {
  /** Type of device (virtio 5); 0 = there is none in this slot. */
  id: u32;
  /** Its place on the bus. */
  slot: u32;
  /** Features that the device has, and those of them that the driver accepted. */
  offered: u64;
  accepted: u64;
  /** What DeviceFeaturesSel, DriverFeaturesSel and QueueSel chose. */
  offeredSelect: u32;
  acceptedSelect: u32;
  queueSelect: u32;
  /** Queues that its type has. */
  queueCount: u32;
  status: u32;
  interruptStatus: u32;
  /** 1 when it has begun to interrupt and nobody was told yet. */
  isInterruptNew: u32;
  lock: u32;
  /** 1 when a thread of its own serves it (sw/duvisor/io). */
  hasThread: u32;
  /** 1 when a queue was notified and the thread has not looked yet, and 1 while it sleeps. */
  bell: u32;
  isAsleep: u32;
  /** 1 while that thread works on a buffer, and 1 when a reset waits for the end of that. */
  isBusy: u32;
  isResetting: u32;
  /** vCPU that notified last, which hears its interrupts. */
  listener: u64;
}

const table: usize = memory.data(offsetof<VirtioDevice>() * VIRTIO_SLOTS, 64);

/** The device of a slot. */
export function virtioAt(slot: u32): VirtioDevice {
  return changetype<VirtioDevice>(table + <usize>slot * offsetof<VirtioDevice>());
}

function lockOf(device: VirtioDevice): usize {
  return changetype<usize>(device) + offsetof<VirtioDevice>('lock');
}

/** Keeps all other threads from the device; the owner may be a thread of this hart, which spinning would keep from running. */
export function lockDevice(device: VirtioDevice): void {
  while (amoswap_w(lockOf(device), 1) != 0) yieldHart();
}

/** The end of `lockDevice`. */
export function unlockDevice(device: VirtioDevice): void {
  release(lockOf(device));
}

/** Whether the driver is ready and the device is whole: it uses buffers then, and at no other time (virtio 2.1.2). */
export function isLive(device: VirtioDevice): bool {
  const wanted = VIRTIO_STATUS_DRIVER_OK | VIRTIO_STATUS_DEVICE_NEEDS_RESET;
  return (device.status & wanted) == VIRTIO_STATUS_DRIVER_OK;
}

/** Interrupts the driver for a reason of InterruptStatus. */
export function interruptDriver(device: VirtioDevice, reason: u32): void {
  device.interruptStatus |= reason;
  device.isInterruptNew = 1;
}

/** The driver broke a rule: the device does nothing more until it is reset, and says so (virtio 2.1.2). The VM goes on. */
export function breakDevice(device: VirtioDevice): void {
  device.status |= VIRTIO_STATUS_DEVICE_NEEDS_RESET;
  if ((device.status & VIRTIO_STATUS_DRIVER_OK) != 0)
    interruptDriver(device, VIRTIO_INTERRUPT_CONFIG_CHANGE);
}

/** Whether the device has begun to interrupt since this was last asked. */
export function takeVirtioInterrupt(device: VirtioDevice): bool {
  if (device.isInterruptNew == 0) return false;
  return amoswap_w(changetype<usize>(device) + offsetof<VirtioDevice>('isInterruptNew'), 0) != 0;
}
