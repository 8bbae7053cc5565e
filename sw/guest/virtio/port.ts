import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrs, lwu, sw } from '../../shared/rv.ts';
import {
  VIRTIO_F_VERSION_1,
  VIRTIO_INTERRUPT_CONFIG_CHANGE,
  VIRTIO_INTERRUPT_USED_BUFFER,
  VIRTIO_MMIO_DEVICE_FEATURES,
  VIRTIO_MMIO_DEVICE_FEATURES_SEL,
  VIRTIO_MMIO_DRIVER_FEATURES,
  VIRTIO_MMIO_DRIVER_FEATURES_SEL,
  VIRTIO_MMIO_INTERRUPT_ACK,
  VIRTIO_MMIO_INTERRUPT_STATUS,
  VIRTIO_MMIO_STATUS,
  VIRTIO_STATUS_ACKNOWLEDGE,
  VIRTIO_STATUS_DRIVER,
  VIRTIO_STATUS_DRIVER_OK,
  VIRTIO_STATUS_FEATURES_OK,
} from '../../shared/virtio.ts';
import { plicAddress } from '../runtime/machine.ts';
import { allowSource, enableSource } from '../runtime/plic.ts';
import { VirtioPort } from './discover.ts';

/** The device's status bits. */
export function statusOf(port: VirtioPort): u32 {
  return lwu(port.base, VIRTIO_MMIO_STATUS);
}

function addStatus(port: VirtioPort, bits: u32): void {
  sw(port.base, statusOf(port) | bits, VIRTIO_MMIO_STATUS);
}

/** Resets a device, and waits until it says that it has nothing to do with the driver's memory any more (virtio 2.4.2). */
export function resetPort(port: VirtioPort): void {
  sw(port.base, 0, VIRTIO_MMIO_STATUS);
  while (statusOf(port) != 0) {}
}

/** The features that the device offers. */
export function offeredFeatures(port: VirtioPort): u64 {
  sw(port.base, 0, VIRTIO_MMIO_DEVICE_FEATURES_SEL);
  const low = <u64>lwu(port.base, VIRTIO_MMIO_DEVICE_FEATURES);
  sw(port.base, 1, VIRTIO_MMIO_DEVICE_FEATURES_SEL);
  return low | ((<u64>lwu(port.base, VIRTIO_MMIO_DEVICE_FEATURES)) << 32);
}

/** Steps 1 to 6 of the initialisation, with those of the wanted features that the device has; false when it does not agree (virtio 3.1.1). */
export function agreeWith(port: VirtioPort, wanted: u64): bool {
  resetPort(port);
  addStatus(port, VIRTIO_STATUS_ACKNOWLEDGE);
  addStatus(port, VIRTIO_STATUS_DRIVER);
  const features = offeredFeatures(port) & (wanted | VIRTIO_F_VERSION_1);
  sw(port.base, 0, VIRTIO_MMIO_DRIVER_FEATURES_SEL);
  sw(port.base, <u32>features, VIRTIO_MMIO_DRIVER_FEATURES);
  sw(port.base, 1, VIRTIO_MMIO_DRIVER_FEATURES_SEL);
  sw(port.base, <u32>(features >> 32), VIRTIO_MMIO_DRIVER_FEATURES);
  addStatus(port, VIRTIO_STATUS_FEATURES_OK);
  return (statusOf(port) & VIRTIO_STATUS_FEATURES_OK) != 0;
}

/** Step 8, behind the queues: the driver is ready, and its interrupts come to hart 0 (virtio 3.1.1). */
export function startPort(port: VirtioPort): void {
  if (hasInterrupt(port)) {
    allowSource(port.source);
    enableSource(0, port.source);
    csrs(csr.sie, 1 << interrupt.seip);
  }
  addStatus(port, VIRTIO_STATUS_DRIVER_OK);
}

/** Whether the device interrupts; one that does not is looked at again and again. */
export function hasInterrupt(port: VirtioPort): bool {
  return plicAddress != 0 && port.source != 0;
}

/** Serves an interrupt of a device: asks why, and says that it was heard (virtio 4.2.2). */
export function servePort(port: VirtioPort): void {
  const reasons = lwu(port.base, VIRTIO_MMIO_INTERRUPT_STATUS);
  sw(port.base, reasons, VIRTIO_MMIO_INTERRUPT_ACK);
  if ((reasons & VIRTIO_INTERRUPT_USED_BUFFER) != 0) port.bufferInterrupts++;
  if ((reasons & VIRTIO_INTERRUPT_CONFIG_CHANGE) != 0) port.configInterrupts++;
}
