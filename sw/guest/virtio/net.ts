import { lbu, lhu } from '../../shared/rv.ts';
import { zeroBytes } from '../../shared/bytes.ts';
import { ETHERNET_ADDRESS_BYTES } from '../../shared/ethernet.ts';
import { VIRTIO_MMIO_CONFIG, VIRTQ_DESC_F_NEXT, VIRTQ_DESC_F_WRITE } from '../../shared/virtio.ts';
import {
  VIRTIO_ID_NET,
  VIRTIO_NET_CONFIG_MAC,
  VIRTIO_NET_F_MAC,
  VIRTIO_NET_HEADER_BUFFERS,
  VIRTIO_NET_HEADER_BYTES,
  VIRTIO_NET_RECEIVEQ,
  VIRTIO_NET_TRANSMITQ,
} from '../../shared/virtio-net.ts';
import { VirtioPort, portOfType } from './discover.ts';
import { agreeWith, startPort } from './port.ts';
import { DriverQueue, QUEUE_BYTES, describe, notify, offer, openQueue } from './queue.ts';

/** What the guest receives, and what it sends. */
export const netReceiveQueue: DriverQueue = changetype<DriverQueue>(
  memory.data(offsetof<DriverQueue>(), 8),
);
export const netTransmitQueue: DriverQueue = changetype<DriverQueue>(
  memory.data(offsetof<DriverQueue>(), 8),
);
const receiveArea: usize = memory.data(QUEUE_BYTES, 16);
const transmitArea: usize = memory.data(QUEUE_BYTES, 16);

/** Buffers for frames to come, each with room for a header and the longest frame (virtio 5.1.6.3.1). */
const NET_BUFFERS: u32 = 8;
const BUFFER_BYTES: u32 = 1536;
const buffers: usize = memory.data(8 * 1536, 16);
const header: usize = memory.data(16, 8);

/** The network device, or null. */
export function netPort(): VirtioPort | null {
  return portOfType(VIRTIO_ID_NET);
}

/** Brings the network device up, with all buffers offered (virtio 5.1.5). */
export function openNet(port: VirtioPort): bool {
  if (!openNetQueues(port)) return false;
  offerBuffers();
  return true;
}

/** Brings it up without any buffers for frames to come. */
export function openNetQueues(port: VirtioPort): bool {
  if (!agreeWith(port, VIRTIO_NET_F_MAC)) return false;
  if (!openQueue(netReceiveQueue, port, VIRTIO_NET_RECEIVEQ, receiveArea)) return false;
  if (!openQueue(netTransmitQueue, port, VIRTIO_NET_TRANSMITQ, transmitArea)) return false;
  zeroBytes(header, VIRTIO_NET_HEADER_BYTES);
  startPort(port);
  return true;
}

/** Offers all buffers for frames to come. */
export function offerBuffers(): void {
  for (let index: u32 = 0; index < NET_BUFFERS; index++) offerBuffer(index);
  notify(netReceiveQueue);
}

function offerBuffer(index: u32): void {
  const buffer = buffers + <usize>index * BUFFER_BYTES;
  describe(netReceiveQueue, index, buffer, BUFFER_BYTES, VIRTQ_DESC_F_WRITE, 0);
  offer(netReceiveQueue, index);
}

/** The device's address, its first byte lowest. */
export function netAddress(port: VirtioPort): u64 {
  let address: u64 = 0;
  for (let index: u32 = 0; index < <u32>ETHERNET_ADDRESS_BYTES; index++) {
    const offset = <i32>(VIRTIO_NET_CONFIG_MAC + index);
    address |= (<u64>lbu(port.base + VIRTIO_MMIO_CONFIG, offset)) << ((<u64>index) << 3);
  }
  return address;
}

/** Gives the device a frame to send, as number `slot` of those on their way out. */
export function sendFrame(slot: u32, frame: usize, bytes: u32): void {
  const first = 2 * slot;
  const headerBytes = <u32>VIRTIO_NET_HEADER_BYTES;
  describe(netTransmitQueue, first, header, headerBytes, VIRTQ_DESC_F_NEXT, first + 1);
  describe(netTransmitQueue, first + 1, frame, bytes, 0, 0);
  offer(netTransmitQueue, first);
  notify(netTransmitQueue);
}

/** Where the frame is that the receive queue gave back last. */
export function receivedFrame(): usize {
  return buffers + <usize>netReceiveQueue.head * BUFFER_BYTES + VIRTIO_NET_HEADER_BYTES;
}

/** Bytes of that frame. */
export function receivedBytes(): u32 {
  return netReceiveQueue.written - <u32>VIRTIO_NET_HEADER_BYTES;
}

/** Buffers that it is in, as its header says. */
export function receivedBuffers(): u32 {
  return lhu(receivedFrame() - VIRTIO_NET_HEADER_BYTES, VIRTIO_NET_HEADER_BUFFERS);
}

/** Offers the buffer of that frame again. */
export function releaseFrame(): void {
  offerBuffer(netReceiveQueue.head);
  notify(netReceiveQueue);
}
