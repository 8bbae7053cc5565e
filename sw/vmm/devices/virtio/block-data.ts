import { VIRTIO_BLK_HEADER_BYTES, VIRTIO_BLK_SECTOR_BYTES } from '../../../shared/virtio-block.ts';
import { readDiskAt, writeDiskAt } from '../../host.ts';
import { Chain, Segment, readFromChain, segmentAt, writeToChain } from './chain.ts';

/** A sector whose place in the buffer the host's disk cannot reach goes through this. */
const bounce: usize = memory.data(512, 8);
const SECTOR_MASK: u64 = VIRTIO_BLK_SECTOR_BYTES - 1;
/** What the host's disk asks of an address. */
const ALIGNMENT_MASK: u64 = 7;

/** What `segmentAt` found. */
const piece: Segment = changetype<Segment>(memory.data(offsetof<Segment>(), 8));

/**
 * Moves whole sectors between the disk, from a byte of it on, and the data of a request: straight where the buffer's pieces are
 * aligned and hold whole sectors, which those of real drivers do, else one sector at a time.
 */
export function moveSectors(disk: u64, chain: Chain, isWrite: bool, place: u64, bytes: u64): bool {
  const start: u64 = isWrite ? VIRTIO_BLK_HEADER_BYTES : 0;
  for (let done: u64 = 0; done < bytes;) {
    segmentAt(chain, isWrite, start + done, piece);
    const whole = (piece.bytes < bytes - done ? piece.bytes : bytes - done) & ~SECTOR_MASK;
    const moved =
      whole != 0 && (piece.start & ALIGNMENT_MASK) == 0
        ? moveStraight(disk, isWrite, place + done, piece.start, whole)
        : moveByBounce(disk, chain, isWrite, place + done, start + done);
    if (moved <= 0) return false;
    done += <u64>moved;
  }
  return true;
}

function moveStraight(disk: u64, isWrite: bool, place: u64, address: usize, bytes: u64): i64 {
  return isWrite
    ? writeDiskAt(disk, address, bytes, place)
    : readDiskAt(disk, address, bytes, place);
}

function moveByBounce(disk: u64, chain: Chain, isWrite: bool, place: u64, offset: u64): i64 {
  const sector = <usize>VIRTIO_BLK_SECTOR_BYTES;
  if (isWrite) {
    readFromChain(chain, offset, bounce, sector);
    return writeDiskAt(disk, bounce, VIRTIO_BLK_SECTOR_BYTES, place);
  }
  const moved = readDiskAt(disk, bounce, VIRTIO_BLK_SECTOR_BYTES, place);
  if (moved > 0) writeToChain(chain, offset, bounce, sector);
  return moved;
}
