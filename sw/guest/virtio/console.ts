import { sw } from '../../shared/rv.ts';
import { VIRTIO_MMIO_CONFIG, VIRTQ_DESC_F_NEXT, VIRTQ_DESC_F_WRITE } from '../../shared/virtio.ts';
import {
  VIRTIO_CONSOLE_CONFIG_EMERG_WR,
  VIRTIO_CONSOLE_F_EMERG_WRITE,
  VIRTIO_CONSOLE_RECEIVEQ,
  VIRTIO_CONSOLE_TRANSMITQ,
  VIRTIO_ID_CONSOLE,
} from '../../shared/virtio-console.ts';
import { VirtioPort, portOfType } from './discover.ts';
import { agreeWith, offeredFeatures, startPort } from './port.ts';
import {
  DriverQueue,
  QUEUE_BYTES,
  awaitUsed,
  describe,
  notify,
  offer,
  openQueue,
} from './queue.ts';

/** What the guest receives, and what it sends. */
export const receiveQueue: DriverQueue = changetype<DriverQueue>(
  memory.data(offsetof<DriverQueue>(), 8),
);
export const transmitQueue: DriverQueue = changetype<DriverQueue>(
  memory.data(offsetof<DriverQueue>(), 8),
);
const receiveArea: usize = memory.data(QUEUE_BYTES, 16);
const transmitArea: usize = memory.data(QUEUE_BYTES, 16);
/** What was received last; `receiveQueue.written` says how much. */
export const received: usize = memory.data(16, 8);
const RECEIVED_BYTES: u32 = 16;

/** The console device, or null. */
export function consolePort(): VirtioPort | null {
  return portOfType(VIRTIO_ID_CONSOLE);
}

/** Brings the console up, with one buffer for what it may receive (virtio 5.3.5). */
export function openConsole(port: VirtioPort): bool {
  if (!agreeWith(port, VIRTIO_CONSOLE_F_EMERG_WRITE)) return false;
  if (!openQueue(receiveQueue, port, VIRTIO_CONSOLE_RECEIVEQ, receiveArea)) return false;
  if (!openQueue(transmitQueue, port, VIRTIO_CONSOLE_TRANSMITQ, transmitArea)) return false;
  startPort(port);
  awaitText();
  return true;
}

/** Gives the device the buffer for what it receives. */
export function awaitText(): void {
  describe(receiveQueue, 0, received, RECEIVED_BYTES, VIRTQ_DESC_F_WRITE, 0);
  offer(receiveQueue, 0);
  notify(receiveQueue);
}

/** Sends bytes as one buffer, and waits until the device has read it. */
export function writeBytes(bytes: usize, count: u32): void {
  describe(transmitQueue, 0, bytes, count, 0, 0);
  offer(transmitQueue, 0);
  notify(transmitQueue);
  awaitUsed(transmitQueue);
}

/** Sends two pieces of text as one buffer, and waits until the device has read it. */
export function writeText(first: usize, firstBytes: u32, second: usize, secondBytes: u32): void {
  describe(transmitQueue, 0, first, firstBytes, VIRTQ_DESC_F_NEXT, 1);
  describe(transmitQueue, 1, second, secondBytes, 0, 0);
  offer(transmitQueue, 0);
  notify(transmitQueue);
  awaitUsed(transmitQueue);
}

/** Sends a byte without any queue; false when the device cannot. */
export function writeInEmergency(port: VirtioPort, byte: u32): bool {
  if ((offeredFeatures(port) & VIRTIO_CONSOLE_F_EMERG_WRITE) == 0) return false;
  sw(port.base + VIRTIO_MMIO_CONFIG, byte, VIRTIO_CONSOLE_CONFIG_EMERG_WR);
  return true;
}
