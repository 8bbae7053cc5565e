import { ld, lhu, lwu } from '../../../shared/rv.ts';
import {
  VIRTQ_DESC_ADDRESS,
  VIRTQ_DESC_BYTES,
  VIRTQ_DESC_FLAGS,
  VIRTQ_DESC_F_INDIRECT,
  VIRTQ_DESC_F_NEXT,
  VIRTQ_DESC_F_WRITE,
  VIRTQ_DESC_LENGTH,
  VIRTQ_DESC_NEXT,
} from '../../../shared/virtio.ts';
import { copyBytes } from '../../../shared/bytes.ts';
import { hostOfRam } from '../../guest-ram.ts';
import { VirtioDevice } from './device.ts';
import { Virtqueue, availableCount, takeHead } from './queue.ts';
import { QUEUE_SIZE, VIRTIO_QUEUES, VIRTIO_SLOTS } from './slots.ts';

/** One contiguous piece of a buffer. */
@unmanaged
export class Segment {
  /** Where the hypervisor sees it. */
  start: usize;
  bytes: usize;
}

/** A buffer of the driver: the descriptors of a chain as they were read, those that the device reads first (virtio 2.7.4.2). */
@unmanaged
export class Chain {
  /** First descriptor, which names the chain in the used ring. */
  head: u32;
  /** Segments, and how many of them, the first ones, are for reading. */
  count: u32;
  readableCount: u32;
  /** Bytes of the segments for reading, and of the others. */
  readableBytes: u64;
  writableBytes: u64;
}

/** What the next buffer of a queue is. */
export type Taken = i32;
/** There is none. */
export const NOTHING_TAKEN: Taken = 0;
/** It is in the chain. */
export const CHAIN_TAKEN: Taken = 1;
/** The driver broke a rule of the queue. */
export const CHAIN_MALFORMED: Taken = 2;

const ROW_BYTES: usize = offsetof<Chain>() + QUEUE_SIZE * offsetof<Segment>();
const table: usize = memory.data(
  (offsetof<Chain>() + QUEUE_SIZE * offsetof<Segment>()) * VIRTIO_QUEUES * VIRTIO_SLOTS,
  64,
);
/** All bytes of a chain together are at most this (virtio 2.7.5). */
const LONGEST_CHAIN: u64 = 0x1_0000_0000;

/** Room for one chain of a queue of a device. */
export function chainOf(device: VirtioDevice, index: u32): Chain {
  return changetype<Chain>(table + <usize>(device.slot * VIRTIO_QUEUES + index) * ROW_BYTES);
}

/** Segment `index` of a chain. */
export function segmentOf(chain: Chain, index: u32): Segment {
  const first = changetype<usize>(chain) + offsetof<Chain>();
  return changetype<Segment>(first + <usize>index * offsetof<Segment>());
}

/** Takes the next buffer of a queue. */
export function takeChain(queue: Virtqueue, chain: Chain): Taken {
  const count = availableCount(queue);
  if (count == 0) return NOTHING_TAKEN;
  if (count > queue.size) return CHAIN_MALFORMED;
  chain.head = takeHead(queue);
  chain.count = 0;
  chain.readableCount = 0;
  chain.readableBytes = 0;
  chain.writableBytes = 0;
  return walk(queue, chain) ? CHAIN_TAKEN : CHAIN_MALFORMED;
}

/** Follows the chain; false at a descriptor that does not exist, a loop, or a buffer that breaks a rule. */
function walk(queue: Virtqueue, chain: Chain): bool {
  let index = chain.head;
  while (true) {
    // a chain that is longer than the table comes back to itself (virtio 2.7.5)
    if (index >= queue.size || chain.count == queue.size) return false;
    const descriptor = queue.descriptors + <usize>index * VIRTQ_DESC_BYTES;
    const flags = lhu(descriptor, VIRTQ_DESC_FLAGS);
    if (!addSegment(chain, descriptor, flags)) return false;
    if ((flags & VIRTQ_DESC_F_NEXT) == 0) return true;
    index = lhu(descriptor, VIRTQ_DESC_NEXT);
  }
}

/** Tables of descriptors were not offered; what the device reads comes before what it writes; all of it is RAM. */
function addSegment(chain: Chain, descriptor: usize, flags: u32): bool {
  if ((flags & VIRTQ_DESC_F_INDIRECT) != 0) return false;
  const bytes = <u64>lwu(descriptor, VIRTQ_DESC_LENGTH);
  const start = hostOfRam(ld(descriptor, VIRTQ_DESC_ADDRESS), bytes);
  if (start == 0) return false;
  if ((flags & VIRTQ_DESC_F_WRITE) != 0) chain.writableBytes += bytes;
  else {
    if (chain.readableCount != chain.count) return false;
    chain.readableCount++;
    chain.readableBytes += bytes;
  }
  const segment = segmentOf(chain, chain.count);
  segment.start = start;
  segment.bytes = <usize>bytes;
  chain.count++;
  return chain.readableBytes + chain.writableBytes <= LONGEST_CHAIN;
}

/** Finds the piece that holds byte `offset` of what the device reads, or of what it writes, from that byte on; none: 0 bytes. */
export function segmentAt(chain: Chain, isReadable: bool, offset: u64, piece: Segment): void {
  const end = isReadable ? chain.readableCount : chain.count;
  for (let index: u32 = isReadable ? 0 : chain.readableCount; index < end; index++) {
    const segment = segmentOf(chain, index);
    if (offset < segment.bytes) {
      piece.start = segment.start + <usize>offset;
      piece.bytes = segment.bytes - <usize>offset;
      return;
    }
    offset -= segment.bytes;
  }
  piece.start = 0;
  piece.bytes = 0;
}

/** Copies up to `length` bytes from `source` to what the device writes, from byte `offset` of it on; how many there was room for. */
export function writeToChain(chain: Chain, offset: u64, source: usize, length: usize): usize {
  let done: usize = 0;
  for (let index = chain.readableCount; index < chain.count && done < length; index++) {
    const segment = segmentOf(chain, index);
    if (offset >= segment.bytes) {
      offset -= segment.bytes;
      continue;
    }
    const room = segment.bytes - <usize>offset;
    const part = room < length - done ? room : length - done;
    copyBytes(segment.start + <usize>offset, source + done, part);
    done += part;
    offset = 0;
  }
  return done;
}

/** Copies up to `length` bytes of what the device reads, from byte `offset` of it on, to `target`; how many there were. */
export function readFromChain(chain: Chain, offset: u64, target: usize, length: usize): usize {
  let done: usize = 0;
  for (let index: u32 = 0; index < chain.readableCount && done < length; index++) {
    const segment = segmentOf(chain, index);
    if (offset >= segment.bytes) {
      offset -= segment.bytes;
      continue;
    }
    const rest = segment.bytes - <usize>offset;
    const part = rest < length - done ? rest : length - done;
    copyBytes(target + done, segment.start + <usize>offset, part);
    done += part;
    offset = 0;
  }
  return done;
}
