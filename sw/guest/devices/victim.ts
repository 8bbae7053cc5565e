import { cstr } from '../../shared/rv.ts';
import { VIRTQ_DESC_F_WRITE } from '../../shared/virtio.ts';
import { VIRTIO_BLK_SECTOR_BYTES, VIRTIO_BLK_T_IN } from '../../shared/virtio-block.ts';
import {
  blockPort,
  blockQueue,
  openBlock,
  requestBlock,
  statusOfRequest,
} from '../virtio/block.ts';
import { consolePort, openConsole, transmitQueue, writeText } from '../virtio/console.ts';
import { VirtioPort } from '../virtio/discover.ts';
import { entropyPort, entropyQueue, openEntropy, readEntropy } from '../virtio/entropy.ts';
import {
  netPort,
  netReceiveQueue,
  netTransmitQueue,
  offerBuffers,
  openNetQueues,
  releaseFrame,
  sendFrame,
} from '../virtio/net.ts';
import { DriverQueue, awaitUsed, notify } from '../virtio/queue.ts';
import { TYPE_ASK, frameAt, isSame, writeFrame } from './frames.ts';

/** A queue of some device whose rules are broken. */
export type Victim = u32;
const ENTROPY: Victim = 0;
const CONSOLE: Victim = 1;
const BLOCK: Victim = 2;
const NET_TRANSMIT: Victim = 3;
const NET_RECEIVE: Victim = 4;
/** How many there are. */
export const VICTIMS: Victim = 5;

const FRAME_BYTES: u32 = 64;
const bytes: usize = memory.data(512, 16);

/** Its device, or null. */
export function portOfVictim(victim: Victim): VirtioPort | null {
  switch (victim) {
    case ENTROPY:
      return entropyPort();
    case CONSOLE:
      return consolePort();
    case BLOCK:
      return blockPort();
    default:
      return netPort();
  }
}

/** The queue from the driver's side. */
export function queueOfVictim(victim: Victim): DriverQueue {
  switch (victim) {
    case ENTROPY:
      return entropyQueue;
    case CONSOLE:
      return transmitQueue;
    case BLOCK:
      return blockQueue;
    case NET_TRANSMIT:
      return netTransmitQueue;
    default:
      return netReceiveQueue;
  }
}

/** What a report calls it. */
export function nameOfVictim(victim: Victim): usize {
  switch (victim) {
    case ENTROPY:
      return cstr('entropy');
    case CONSOLE:
      return cstr('console');
    case BLOCK:
      return cstr('block');
    case NET_TRANSMIT:
      return cstr('net-transmit');
    default:
      return cstr('net-receive');
  }
}

/** Descriptor flags of a buffer that goes the way it must not: the device writes some queues' buffers and reads those of others. */
export function wrongDirection(victim: Victim): u32 {
  return victim == ENTROPY || victim == NET_RECEIVE ? 0 : VIRTQ_DESC_F_WRITE;
}

/** Brings its device up with nothing in the queue, whatever state it is in. */
export function openVictim(victim: Victim, port: VirtioPort): bool {
  switch (victim) {
    case ENTROPY:
      return openEntropy(port);
    case CONSOLE:
      return openConsole(port);
    case BLOCK:
      return openBlock(port);
    default:
      return openNetQueues(port);
  }
}

/** Makes its device look at the queue: a receive queue is looked at when a frame comes. */
export function rouse(victim: Victim): void {
  notify(queueOfVictim(victim));
  if (victim == NET_RECEIVE) sendFrame(0, frameAt(1), FRAME_BYTES);
}

/** Whether its device, which has just been opened, does its work. */
export function doesWork(victim: Victim): bool {
  switch (victim) {
    case ENTROPY:
      return readEntropy(bytes, FRAME_BYTES) == FRAME_BYTES;
    case CONSOLE:
      writeText(cstr('.'), 1, cstr('\n'), 1);
      return true;
    case BLOCK:
      requestBlock(0, VIRTIO_BLK_T_IN, 0, bytes, <u32>VIRTIO_BLK_SECTOR_BYTES);
      awaitUsed(blockQueue);
      return statusOfRequest(0) == 0;
    default:
      return doesFrameReturn();
  }
}

/** A frame of before may come first. */
function doesFrameReturn(): bool {
  offerBuffers();
  const frame = writeFrame(0, 0, TYPE_ASK, 1);
  sendFrame(0, frame, FRAME_BYTES);
  awaitUsed(netTransmitQueue);
  while (true) {
    awaitUsed(netReceiveQueue);
    const isWhole = isSame(frame, FRAME_BYTES);
    releaseFrame();
    if (isWhole) return true;
  }
}
