import { lbu, ld, sb, sd } from '../../shared/rv.ts';
import { VIRTIO_MMIO_CONFIG, VIRTQ_DESC_F_NEXT, VIRTQ_DESC_F_WRITE } from '../../shared/virtio.ts';
import {
  VIRTIO_BLK_CONFIG_CAPACITY,
  VIRTIO_BLK_HEADER_BYTES,
  VIRTIO_BLK_REQUESTQ,
  VIRTIO_BLK_REQUEST_SECTOR,
  VIRTIO_BLK_REQUEST_TYPE,
  VIRTIO_BLK_T_OUT,
  VIRTIO_ID_BLOCK,
} from '../../shared/virtio-block.ts';
import { VirtioPort, portOfType } from './discover.ts';
import { agreeWith, startPort } from './port.ts';
import { DriverQueue, QUEUE_BYTES, describe, notify, offer, openQueue } from './queue.ts';

/** The queue for requests. */
export const blockQueue: DriverQueue = changetype<DriverQueue>(
  memory.data(offsetof<DriverQueue>(), 8),
);
const area: usize = memory.data(QUEUE_BYTES, 16);

/** Requests that can be under way; each has three descriptors, a header and a status. */
export const BLOCK_REQUESTS: u32 = 4;
const DESCRIPTORS: u32 = 3;
const headers: usize = memory.data(16 * 4, 8);
const statuses: usize = memory.data(8, 8);
/** What stands for a status until the device has written one. */
const NO_STATUS: u32 = 0xff;

/** The block device, or null. */
export function blockPort(): VirtioPort | null {
  return portOfType(VIRTIO_ID_BLOCK);
}

/** Brings the block device up (virtio 5.2.5). */
export function openBlock(port: VirtioPort): bool {
  if (!agreeWith(port, 0)) return false;
  if (!openQueue(blockQueue, port, VIRTIO_BLK_REQUESTQ, area)) return false;
  startPort(port);
  return true;
}

/** Size of the disk in sectors. */
export function blockCapacity(port: VirtioPort): u64 {
  return ld(port.base + VIRTIO_MMIO_CONFIG, VIRTIO_BLK_CONFIG_CAPACITY);
}

/** Makes request `slot` and tells the device; the used ring will name it by its first descriptor (virtio 5.2.6). */
export function requestBlock(slot: u32, type: u32, sector: u64, data: usize, bytes: u32): void {
  const header = headers + <usize>slot * <usize>VIRTIO_BLK_HEADER_BYTES;
  const first = slot * DESCRIPTORS;
  sd(header, type, VIRTIO_BLK_REQUEST_TYPE);
  sd(header, sector, VIRTIO_BLK_REQUEST_SECTOR);
  sb(statuses + slot, NO_STATUS, 0);
  const direction = type == VIRTIO_BLK_T_OUT ? 0 : VIRTQ_DESC_F_WRITE;
  describe(blockQueue, first, header, <u32>VIRTIO_BLK_HEADER_BYTES, VIRTQ_DESC_F_NEXT, first + 1);
  describe(blockQueue, first + 1, data, bytes, VIRTQ_DESC_F_NEXT | direction, first + 2);
  describe(blockQueue, first + 2, statuses + slot, 1, VIRTQ_DESC_F_WRITE, 0);
  offer(blockQueue, first);
  notify(blockQueue);
}

/** The request of the used chain that was taken last. */
export function usedRequest(): u32 {
  return blockQueue.head / DESCRIPTORS;
}

/** The status of a request. */
export function statusOfRequest(slot: u32): u32 {
  return lbu(statuses + slot, 0);
}
