import { FENCE_RW, FENCE_W, fence, lhu, sh, sw } from '../../../shared/rv.ts';
import {
  VIRTQ_AVAIL_ALIGNMENT,
  VIRTQ_AVAIL_ENTRY_BYTES,
  VIRTQ_AVAIL_F_NO_INTERRUPT,
  VIRTQ_DESC_ALIGNMENT,
  VIRTQ_DESC_BYTES,
  VIRTQ_RING_ENTRIES,
  VIRTQ_RING_FLAGS,
  VIRTQ_RING_INDEX,
  VIRTQ_RING_TRAILER_BYTES,
  VIRTQ_USED_ALIGNMENT,
  VIRTQ_USED_ENTRY_BYTES,
  VIRTQ_USED_ID,
  VIRTQ_USED_LENGTH,
} from '../../../shared/virtio.ts';
import { hostOfRam } from '../../guest-ram.ts';
import { VirtioDevice } from './device.ts';
import { QUEUE_SIZE, VIRTIO_QUEUES, VIRTIO_SLOTS } from './slots.ts';

/** One split queue (virtio 2.7). Its memory is the guest's, who may write to it at any time: whatever decides is read once. */
@unmanaged
export class Virtqueue {
  /** Descriptors, as the driver chose. */
  size: u32;
  isReady: u32;
  /** Guest-physical addresses of descriptor table, driver area and device area, as the driver wrote them. */
  descriptorTable: u64;
  driverArea: u64;
  deviceArea: u64;
  /** Where the hypervisor sees them. */
  descriptors: usize;
  available: usize;
  used: usize;
  /** Entries of the available ring that were taken, and of the used ring that were filled, modulo 2^16. */
  taken: u32;
  returned: u32;
}

const table: usize = memory.data(offsetof<Virtqueue>() * VIRTIO_QUEUES * VIRTIO_SLOTS, 64);
const INDEX_MASK: u32 = 0xffff;

/** Queue `index` of a device. */
export function queueOf(device: VirtioDevice, index: u32): Virtqueue {
  const row = device.slot * VIRTIO_QUEUES + index;
  return changetype<Virtqueue>(table + <usize>row * offsetof<Virtqueue>());
}

/** Back to the state after reset. */
export function resetQueue(queue: Virtqueue): void {
  queue.size = QUEUE_SIZE;
  queue.isReady = 0;
  queue.descriptorTable = 0;
  queue.driverArea = 0;
  queue.deviceArea = 0;
  queue.taken = 0;
  queue.returned = 0;
}

function areaIn(address: u64, alignment: u64, bytes: usize): usize {
  return (address & (alignment - 1)) == 0 ? hostOfRam(address, bytes) : 0;
}

function ringBytes(queue: Virtqueue, entryBytes: usize): usize {
  return <usize>VIRTQ_RING_ENTRIES + queue.size * entryBytes + VIRTQ_RING_TRAILER_BYTES;
}

/** Takes the queue into use; false when its size or one of its areas cannot be (virtio 2.7, 4.2.2.2). */
export function readyQueue(queue: Virtqueue): bool {
  const size = queue.size;
  if (size == 0 || size > QUEUE_SIZE || (size & (size - 1)) != 0) return false;
  const descriptorBytes = size * VIRTQ_DESC_BYTES;
  queue.descriptors = areaIn(queue.descriptorTable, VIRTQ_DESC_ALIGNMENT, descriptorBytes);
  const availableBytes = ringBytes(queue, VIRTQ_AVAIL_ENTRY_BYTES);
  queue.available = areaIn(queue.driverArea, VIRTQ_AVAIL_ALIGNMENT, availableBytes);
  const usedBytes = ringBytes(queue, VIRTQ_USED_ENTRY_BYTES);
  queue.used = areaIn(queue.deviceArea, VIRTQ_USED_ALIGNMENT, usedBytes);
  if (queue.descriptors == 0 || queue.available == 0 || queue.used == 0) return false;
  queue.isReady = 1;
  return true;
}

/** Entries of the available ring that were not taken yet; more than there are descriptors if the driver's index makes no sense. */
export function availableCount(queue: Virtqueue): u32 {
  const count = (lhu(queue.available, VIRTQ_RING_INDEX) - queue.taken) & INDEX_MASK;
  // entries are read after the index that says that they are there (virtio 2.7.13.3)
  fence(FENCE_RW, FENCE_RW);
  return count;
}

/** Takes the next entry of the available ring: the first descriptor of a chain. */
export function takeHead(queue: Virtqueue): u32 {
  const slot = <usize>(queue.taken & (queue.size - 1));
  queue.taken = (queue.taken + 1) & INDEX_MASK;
  return lhu(queue.available + slot * VIRTQ_AVAIL_ENTRY_BYTES, VIRTQ_RING_ENTRIES);
}

/** The chain that was taken last was not used: it is the next one again. */
export function untakeHead(queue: Virtqueue): void {
  queue.taken = (queue.taken - 1) & INDEX_MASK;
}

/** Gives a chain back with the number of bytes written to it (virtio 2.7.8). */
export function returnHead(queue: Virtqueue, head: u32, written: u32): void {
  const slot = <usize>(queue.returned & (queue.size - 1));
  const entry = queue.used + <usize>VIRTQ_RING_ENTRIES + slot * VIRTQ_USED_ENTRY_BYTES;
  sw(entry, head, VIRTQ_USED_ID);
  sw(entry, written, VIRTQ_USED_LENGTH);
  queue.returned = (queue.returned + 1) & INDEX_MASK;
  fence(FENCE_RW, FENCE_W);
  sh(queue.used, queue.returned, VIRTQ_RING_INDEX);
}

/** Whether the driver wants to be interrupted for used buffers (virtio 2.7.7). */
export function wantsInterrupt(queue: Virtqueue): bool {
  // what was returned is seen by a driver that turns interrupts on and looks once more (virtio 2.7.7.1)
  fence(FENCE_RW, FENCE_RW);
  return (lhu(queue.available, VIRTQ_RING_FLAGS) & VIRTQ_AVAIL_F_NO_INTERRUPT) == 0;
}
