import {
  VIRTIO_ENTROPY_REQUESTQ,
  VIRTIO_ID_ENTROPY,
  VIRTQ_DESC_F_WRITE,
} from '../../shared/virtio.ts';
import { VirtioPort, portOfType } from './discover.ts';
import { agreeWith, startPort } from './port.ts';
import {
  DriverQueue,
  QUEUE_BYTES,
  awaitUsed,
  describe,
  notify,
  offer,
  openQueue,
} from './queue.ts';

/** The queue for requests. */
export const entropyQueue: DriverQueue = changetype<DriverQueue>(
  memory.data(offsetof<DriverQueue>(), 8),
);
const area: usize = memory.data(QUEUE_BYTES, 16);

/** The entropy device, or null. */
export function entropyPort(): VirtioPort | null {
  return portOfType(VIRTIO_ID_ENTROPY);
}

/** Brings the entropy device up, whatever state it is in (virtio 5.4.5). */
export function openEntropy(port: VirtioPort): bool {
  if (!agreeWith(port, 0)) return false;
  if (!openQueue(entropyQueue, port, VIRTIO_ENTROPY_REQUESTQ, area)) return false;
  startPort(port);
  return true;
}

/** Fills memory with random numbers; the bytes that the device gave (virtio 5.4.6). */
export function readEntropy(buffer: usize, length: u32): u32 {
  describe(entropyQueue, 0, buffer, length, VIRTQ_DESC_F_WRITE, 0);
  offer(entropyQueue, 0);
  notify(entropyQueue);
  awaitUsed(entropyQueue);
  return entropyQueue.written;
}
