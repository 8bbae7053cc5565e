import { FENCE_IORW, FENCE_RW, FENCE_W, fence, lhu, lwu, sd, sh, sw } from '../../shared/rv.ts';
import { zeroBytes } from '../../shared/bytes.ts';
import {
  VIRTIO_MMIO_QUEUE_DESC_HIGH,
  VIRTIO_MMIO_QUEUE_DESC_LOW,
  VIRTIO_MMIO_QUEUE_DEVICE_HIGH,
  VIRTIO_MMIO_QUEUE_DEVICE_LOW,
  VIRTIO_MMIO_QUEUE_DRIVER_HIGH,
  VIRTIO_MMIO_QUEUE_DRIVER_LOW,
  VIRTIO_MMIO_QUEUE_NOTIFY,
  VIRTIO_MMIO_QUEUE_NUM,
  VIRTIO_MMIO_QUEUE_NUM_MAX,
  VIRTIO_MMIO_QUEUE_READY,
  VIRTIO_MMIO_QUEUE_SEL,
  VIRTQ_AVAIL_ENTRY_BYTES,
  VIRTQ_DESC_ADDRESS,
  VIRTQ_DESC_BYTES,
  VIRTQ_DESC_FLAGS,
  VIRTQ_DESC_LENGTH,
  VIRTQ_DESC_NEXT,
  VIRTQ_RING_ENTRIES,
  VIRTQ_RING_INDEX,
  VIRTQ_USED_ENTRY_BYTES,
  VIRTQ_USED_ID,
  VIRTQ_USED_LENGTH,
} from '../../shared/virtio.ts';
import { takeInterrupts } from '../runtime/interrupts.ts';
import { VirtioPort } from './discover.ts';
import { hasInterrupt } from './port.ts';

/** Descriptors of every queue of the drivers. */
export const QUEUE_SIZE: u32 = 16;

/** A split queue from the driver's side; physical addresses are virtual ones in our guests. */
@unmanaged
export class DriverQueue {
  port: VirtioPort;
  /** Its number at the device. */
  index: u32;
  /** Chains offered and used chains seen, modulo 2^16. */
  offered: u32;
  seen: u32;
  /** Head of the used chain that was taken last, and bytes that the device wrote to it. */
  head: u32;
  written: u32;
  /** Areas of the queue. */
  descriptors: usize;
  available: usize;
  used: usize;
}

/** Places of the areas in the memory of a queue; the descriptors come first. */
const AVAILABLE: usize = 256;
const USED: usize = 320;
/** Bytes of memory of a queue, aligned to 16. */
export const QUEUE_BYTES: i32 = 512;
const INDEX_MASK: u32 = 0xffff;

/** Tells a device where a queue is, and begins to use it (virtio 4.2.3.2). */
export function openQueue(queue: DriverQueue, port: VirtioPort, index: u32, area: usize): bool {
  zeroBytes(area, <usize>QUEUE_BYTES);
  queue.port = port;
  queue.index = index;
  queue.offered = 0;
  queue.seen = 0;
  queue.descriptors = area;
  queue.available = area + AVAILABLE;
  queue.used = area + USED;
  const base = port.base;
  sw(base, index, VIRTIO_MMIO_QUEUE_SEL);
  if (lwu(base, VIRTIO_MMIO_QUEUE_NUM_MAX) < QUEUE_SIZE) return false;
  sw(base, QUEUE_SIZE, VIRTIO_MMIO_QUEUE_NUM);
  placeQueue(port, queue.descriptors, queue.available, queue.used);
  sw(base, 1, VIRTIO_MMIO_QUEUE_READY);
  return lwu(base, VIRTIO_MMIO_QUEUE_READY) != 0;
}

/** Writes the addresses of the three areas of the selected queue. */
export function placeQueue(port: VirtioPort, table: u64, driver: u64, device: u64): void {
  const base = port.base;
  sw(base, <u32>table, VIRTIO_MMIO_QUEUE_DESC_LOW);
  sw(base, <u32>(table >> 32), VIRTIO_MMIO_QUEUE_DESC_HIGH);
  sw(base, <u32>driver, VIRTIO_MMIO_QUEUE_DRIVER_LOW);
  sw(base, <u32>(driver >> 32), VIRTIO_MMIO_QUEUE_DRIVER_HIGH);
  sw(base, <u32>device, VIRTIO_MMIO_QUEUE_DEVICE_LOW);
  sw(base, <u32>(device >> 32), VIRTIO_MMIO_QUEUE_DEVICE_HIGH);
}

/** Writes a descriptor; `next` counts where the flags say so. */
export function describe(
  queue: DriverQueue,
  index: u32,
  address: u64,
  length: u32,
  flags: u32,
  next: u32,
): void {
  const descriptor = queue.descriptors + <usize>index * VIRTQ_DESC_BYTES;
  sd(descriptor, address, VIRTQ_DESC_ADDRESS);
  sw(descriptor, length, VIRTQ_DESC_LENGTH);
  sh(descriptor, flags, VIRTQ_DESC_FLAGS);
  sh(descriptor, next, VIRTQ_DESC_NEXT);
}

/** Puts the chain that begins at a descriptor into the available ring (virtio 2.7.13). */
export function offer(queue: DriverQueue, head: u32): void {
  const slot = <usize>(queue.offered & (QUEUE_SIZE - 1));
  sh(queue.available + slot * VIRTQ_AVAIL_ENTRY_BYTES, head, VIRTQ_RING_ENTRIES);
  advance(queue, 1);
}

/** Says that so many more entries of the available ring are there. */
export function advance(queue: DriverQueue, count: u32): void {
  queue.offered = (queue.offered + count) & INDEX_MASK;
  fence(FENCE_RW, FENCE_W);
  sh(queue.available, queue.offered, VIRTQ_RING_INDEX);
}

/** Tells the device that chains wait; the ring is visible before (virtio 2.7.13.4). */
export function notify(queue: DriverQueue): void {
  fence(FENCE_IORW, FENCE_IORW);
  sw(queue.port.base, queue.index, VIRTIO_MMIO_QUEUE_NOTIFY);
}

/** Takes the next used chain, if there is one: its head and length are the queue's `head` and `written`. */
export function takeUsed(queue: DriverQueue): bool {
  if (lhu(queue.used, VIRTQ_RING_INDEX) == queue.seen) return false;
  fence(FENCE_RW, FENCE_RW);
  const slot = <usize>(queue.seen & (QUEUE_SIZE - 1));
  const entry = queue.used + <usize>VIRTQ_RING_ENTRIES + slot * VIRTQ_USED_ENTRY_BYTES;
  queue.head = lwu(entry, VIRTQ_USED_ID);
  queue.written = lwu(entry, VIRTQ_USED_LENGTH);
  queue.seen = (queue.seen + 1) & INDEX_MASK;
  return true;
}

/** Takes the next used chain, and waits for it: asleep where the device interrupts. */
export function awaitUsed(queue: DriverQueue): void {
  while (!takeUsed(queue)) {
    if (hasInterrupt(queue.port)) takeInterrupts();
  }
}
