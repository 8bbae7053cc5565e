import { UART_SOURCE } from '../interrupt-controller.ts';
import { UART_BASE, UART_SIZE, readUart, takeUartInterrupt, writeUart } from './uart.ts';
import { VirtioDevice, takeVirtioInterrupt, virtioAt } from './virtio/device.ts';
import {
  VIRTIO_BASE,
  VIRTIO_FIRST_SOURCE,
  VIRTIO_SLOTS,
  VIRTIO_SLOT_BYTES,
} from './virtio/slots.ts';
import { readVirtio, writeVirtio } from './virtio/transport.ts';

function isUart(address: u64): bool {
  return address - UART_BASE < UART_SIZE;
}

function isInVirtio(address: u64): bool {
  return address - VIRTIO_BASE < VIRTIO_SLOTS * VIRTIO_SLOT_BYTES;
}

function virtioOf(address: u64): VirtioDevice {
  return virtioAt(<u32>((address - VIRTIO_BASE) / VIRTIO_SLOT_BYTES));
}

function offsetInSlot(address: u64): u32 {
  return <u32>((address - VIRTIO_BASE) % VIRTIO_SLOT_BYTES);
}

/** Whether an emulated device answers at this guest-physical address. */
export function isDevice(address: u64): bool {
  return isUart(address) || (isInVirtio(address) && virtioOf(address).id != 0);
}

/** Reads the device at a guest-physical address. The UART has byte-wide registers: wider reads see zeros above. */
export function readDevice(address: u64): u64 {
  if (isUart(address)) return readUart(address - UART_BASE);
  return readVirtio(virtioOf(address), offsetInSlot(address));
}

/** Writes the device at a guest-physical address for a vCPU; only what a register is wide reaches it. */
export function writeDevice(address: u64, value: u64, vcpu: u64): void {
  if (isUart(address)) writeUart(address - UART_BASE, <u32>value);
  else writeVirtio(virtioOf(address), offsetInSlot(address), <u32>value, vcpu);
}

/** The source of the device at a guest-physical address if it has begun to interrupt since this was last asked, else 0. */
export function takeInterrupt(address: u64): u32 {
  if (isUart(address)) return takeUartInterrupt() ? UART_SOURCE : 0;
  const device = virtioOf(address);
  return takeVirtioInterrupt(device) ? VIRTIO_FIRST_SOURCE + device.slot : 0;
}
