import { sw } from '../../shared/rv.ts';
import {
  VIRTIO_MMIO_QUEUE_NUM,
  VIRTIO_MMIO_QUEUE_READY,
  VIRTIO_MMIO_QUEUE_SEL,
  VIRTQ_DESC_F_INDIRECT,
  VIRTQ_DESC_F_NEXT,
  VIRTQ_DESC_F_WRITE,
} from '../../shared/virtio.ts';
import { ramAddress, ramBytes } from '../runtime/machine.ts';
import { DriverQueue, QUEUE_SIZE, advance, describe, offer, placeQueue } from '../virtio/queue.ts';
import { Victim, queueOfVictim, rouse, wrongDirection } from './victim.ts';

const BYTES: u32 = 64;
/** What no device may write to. */
export const untouched: usize = memory.data(64, 16);
const NEXT_WRITE: u32 = VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE;
/** A size that no queue of the device can have, and one that is no power of two. */
const HUGE_QUEUE: u32 = 0x8000;
const ODD_QUEUE: u32 = 12;
/** Rules that can be broken. */
export const RULES: u32 = 17;

/** Breaks one rule of a queue that has just been opened, and makes the device look. */
export function breakRule(victim: Victim, rule: u32): void {
  const queue = queueOfVictim(victim);
  switch (rule) {
    case 0: // a head that is no descriptor
      offer(queue, QUEUE_SIZE);
      break;
    case 1: // more chains than there are descriptors
      advance(queue, QUEUE_SIZE + 1);
      break;
    case 2: // an index that goes back
      advance(queue, 0xffff);
      break;
    case 3: // a next that is no descriptor
      describe(queue, 0, untouched, BYTES, NEXT_WRITE, QUEUE_SIZE);
      offer(queue, 0);
      break;
    case 4: // a descriptor that is its own next
      describe(queue, 0, untouched, BYTES, NEXT_WRITE, 0);
      offer(queue, 0);
      break;
    case 5: // a loop of two
      describe(queue, 0, untouched, BYTES, NEXT_WRITE, 1);
      describe(queue, 1, untouched, BYTES, NEXT_WRITE, 0);
      offer(queue, 0);
      break;
    case 6: // a buffer below RAM
      describe(queue, 0, 0x1000, BYTES, VIRTQ_DESC_F_WRITE, 0);
      offer(queue, 0);
      break;
    case 7: // a buffer that begins in RAM and ends behind it
      describe(queue, 0, ramAddress + ramBytes - 8, BYTES, VIRTQ_DESC_F_WRITE, 0);
      offer(queue, 0);
      break;
    case 8: // an end that wraps round to 0
      describe(queue, 0, ~(<u64>7), BYTES, VIRTQ_DESC_F_WRITE, 0);
      offer(queue, 0);
      break;
    case 9: // a length of almost 4 GiB
      describe(queue, 0, untouched, 0xffff_ffff, VIRTQ_DESC_F_WRITE, 0);
      offer(queue, 0);
      break;
    case 10: // a table of descriptors, which was not agreed on
      describe(queue, 0, untouched, BYTES, VIRTQ_DESC_F_INDIRECT, 0);
      offer(queue, 0);
      break;
    case 11: // what is read behind what is written
      describe(queue, 0, untouched, BYTES, NEXT_WRITE, 1);
      describe(queue, 1, untouched, BYTES, 0, 0);
      offer(queue, 0);
      break;
    case 12: // a buffer that goes the other way
      describe(queue, 0, untouched, BYTES, wrongDirection(victim), 0);
      offer(queue, 0);
      break;
    case 13: // an area outside RAM
      reopen(queue, QUEUE_SIZE, 0x2000);
      return;
    case 14: // an area that is not aligned
      reopen(queue, QUEUE_SIZE, queue.descriptors + 8);
      return;
    case 15: // a size that is no power of two
      reopen(queue, ODD_QUEUE, queue.descriptors);
      return;
    default: // a size above the largest
      reopen(queue, HUGE_QUEUE, queue.descriptors);
      return;
  }
  rouse(victim);
}

/** Takes the queue out of use and into it again, with another size and descriptor table. */
function reopen(queue: DriverQueue, size: u32, descriptors: u64): void {
  const base = queue.port.base;
  sw(base, queue.index, VIRTIO_MMIO_QUEUE_SEL);
  sw(base, 0, VIRTIO_MMIO_QUEUE_READY);
  sw(base, size, VIRTIO_MMIO_QUEUE_NUM);
  placeQueue(queue.port, descriptors, queue.available, queue.used);
  sw(base, 1, VIRTIO_MMIO_QUEUE_READY);
}
