import { zeroBytes } from '../../shared/bytes.ts';
import {
  VIRTQ_DESC_F_INDIRECT,
  VIRTQ_DESC_F_NEXT,
  VIRTQ_DESC_F_WRITE,
} from '../../shared/virtio.ts';
import { nextRandom } from '../runtime/workload.ts';
import { DriverQueue, QUEUE_SIZE, describe, offer } from '../virtio/queue.ts';

/** How often the rings of a queue are scrambled. */
export const SCRAMBLES: u32 = 16;

const GUARD_BYTES: usize = 64;
const AREA_BYTES: usize = 256;
/** Memory that buffers may be in, with memory on both sides that they are not in. */
const area: usize = memory.data(64 + 256 + 64, 16);

let state: u64 = 0;

/** One of `count` numbers. */
function choose(count: u32): u32 {
  state = nextRandom(state);
  return <u32>((state >> 33) % count);
}

/** Mostly memory of the area, at times none, or an end that wraps round. */
function addressOf(offset: u32): u64 {
  switch (choose(8)) {
    case 0:
      return 0x1000;
    case 1:
      return ~(<u64>15);
    default:
      return area + GUARD_BYTES + offset;
  }
}

function lengthOf(room: u32): u32 {
  return choose(8) == 0 ? 0xffff_fff0 : choose(room);
}

function flagsOf(): u32 {
  let flags: u32 = 0;
  if (choose(2) == 0) flags |= VIRTQ_DESC_F_WRITE;
  if (choose(2) == 0) flags |= VIRTQ_DESC_F_NEXT;
  if (choose(16) == 0) flags |= VIRTQ_DESC_F_INDIRECT;
  return flags;
}

/** Writes random descriptors and offers some of them, whether they exist or not; the same ones for the same seed. */
export function scramble(queue: DriverQueue, seed: u32): void {
  state = <u64>seed + 1;
  zeroBytes(area, AREA_BYTES + 2 * GUARD_BYTES);
  for (let index: u32 = 0; index < QUEUE_SIZE; index++) {
    const offset = choose(<u32>AREA_BYTES);
    const length = lengthOf(<u32>AREA_BYTES - offset);
    // one descriptor in a few names one that does not exist
    describe(queue, index, addressOf(offset), length, flagsOf(), choose(QUEUE_SIZE + 2));
  }
  const offered = choose(4) + 1;
  for (let count: u32 = 0; count < offered; count++) offer(queue, choose(QUEUE_SIZE + 1));
}

/** Whether the memory on both sides of the area is as it was. */
export function isGuardWhole(): bool {
  let touched: u64 = 0;
  for (let offset: usize = 0; offset < GUARD_BYTES; offset += 8)
    touched |= load<u64>(area + offset) | load<u64>(area + GUARD_BYTES + AREA_BYTES + offset);
  return touched == 0;
}
