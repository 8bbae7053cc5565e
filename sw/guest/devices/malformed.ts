import { cstr, sw } from '../../shared/rv.ts';
import {
  VIRTIO_MMIO_QUEUE_NUM,
  VIRTIO_MMIO_QUEUE_READY,
  VIRTIO_STATUS_DEVICE_NEEDS_RESET,
  VIRTQ_DESC_F_INDIRECT,
  VIRTQ_DESC_F_NEXT,
  VIRTQ_DESC_F_WRITE,
} from '../../shared/virtio.ts';
import { complain } from '../runtime/console.ts';
import { takePending } from '../runtime/interrupts.ts';
import { ramAddress, ramBytes } from '../runtime/machine.ts';
import { check } from '../runtime/verdict.ts';
import { VirtioPort } from '../virtio/discover.ts';
import { entropyQueue, openEntropy, readEntropy } from '../virtio/entropy.ts';
import { hasInterrupt, statusOf } from '../virtio/port.ts';
import { QUEUE_SIZE, advance, describe, notify, offer, placeQueue } from '../virtio/queue.ts';

const BYTES: u32 = 64;
const buffer: usize = memory.data(64, 16);
const NEXT_WRITE: u32 = VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE;
/** A size that no queue of the device can have, and one that is no power of two. */
const HUGE_QUEUE: u32 = 0x8000;
const ODD_QUEUE: u32 = 12;
const CASES: u32 = 16;

/** Breaks one rule of a queue that has just been opened. */
function breakRule(port: VirtioPort, rule: u32): void {
  const queue = entropyQueue;
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
      describe(queue, 0, buffer, BYTES, NEXT_WRITE, QUEUE_SIZE);
      offer(queue, 0);
      break;
    case 4: // a descriptor that is its own next
      describe(queue, 0, buffer, BYTES, NEXT_WRITE, 0);
      offer(queue, 0);
      break;
    case 5: // a loop of two
      describe(queue, 0, buffer, BYTES, NEXT_WRITE, 1);
      describe(queue, 1, buffer, BYTES, NEXT_WRITE, 0);
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
      describe(queue, 0, buffer, 0xffff_ffff, VIRTQ_DESC_F_WRITE, 0);
      offer(queue, 0);
      break;
    case 10: // a table of descriptors, which was not agreed on
      describe(queue, 0, buffer, BYTES, VIRTQ_DESC_F_INDIRECT, 0);
      offer(queue, 0);
      break;
    case 11: // what is read behind what is written
      describe(queue, 0, buffer, BYTES, NEXT_WRITE, 1);
      describe(queue, 1, buffer, BYTES, 0, 0);
      offer(queue, 0);
      break;
    case 12: // a buffer that the device cannot write
      describe(queue, 0, buffer, BYTES, 0, 0);
      offer(queue, 0);
      break;
    case 13: // an area outside RAM
      reopen(port, QUEUE_SIZE, 0x2000);
      return;
    case 14: // an area that is not aligned
      reopen(port, QUEUE_SIZE, queue.descriptors + 8);
      return;
    default: // a size that is no power of two, or above the largest
      reopen(port, rule == CASES - 1 ? ODD_QUEUE : HUGE_QUEUE, queue.descriptors);
      return;
  }
  notify(queue);
}

/** Takes the queue out of use and into it again, with another size and descriptor table. */
function reopen(port: VirtioPort, size: u32, descriptors: u64): void {
  sw(port.base, 0, VIRTIO_MMIO_QUEUE_READY);
  sw(port.base, size, VIRTIO_MMIO_QUEUE_NUM);
  placeQueue(port, descriptors, entropyQueue.available, entropyQueue.used);
  sw(port.base, 1, VIRTIO_MMIO_QUEUE_READY);
}

/**
 * Breaks every rule once. Each time the device must say that it needs a reset, by its status and an interrupt, use no buffer any more,
 * and work again after the reset (virtio 2.1.2).
 */
export function breakRules(port: VirtioPort): void {
  let broken: u64 = 0;
  let silent: u64 = 0;
  let recovered: u64 = 0;
  for (let rule: u32 = 0; rule <= CASES; rule++) {
    if (!openEntropy(port)) complain(cstr('does not open, rule'), rule);
    breakRule(port, rule);
    takePending();
    const needsReset = (statusOf(port) & VIRTIO_STATUS_DEVICE_NEEDS_RESET) != 0;
    if (needsReset) broken++;
    else complain(cstr('not noticed, rule'), rule);
    if (load<u64>(buffer) == 0) silent++;
    if (openEntropy(port) && readEntropy(buffer, BYTES) == BYTES) recovered++;
    store<u64>(buffer, 0);
  }
  check(cstr('malformed-noticed'), broken, CASES + 1);
  check(cstr('malformed-not-used'), silent, CASES + 1);
  check(cstr('malformed-recovered'), recovered, CASES + 1);
  if (hasInterrupt(port)) check(cstr('malformed-interrupts'), port.configInterrupts, CASES + 1);
}
