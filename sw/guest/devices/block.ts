import { csrr, cstr } from '../../shared/rv.ts';
import * as csr from 'rv/csr';
import {
  VIRTIO_BLK_SECTOR_BYTES,
  VIRTIO_BLK_S_IOERR,
  VIRTIO_BLK_S_OK,
  VIRTIO_BLK_S_UNSUPP,
  VIRTIO_BLK_T_GET_ID,
  VIRTIO_BLK_T_IN,
  VIRTIO_BLK_T_OUT,
} from '../../shared/virtio-block.ts';
import { bytesEqual, zeroBytes } from '../../shared/bytes.ts';
import { endLine, put, putHex } from '../runtime/console.ts';
import { takePending } from '../runtime/interrupts.ts';
import { addSample, beginSamples, reportSamples } from '../runtime/samples.ts';
import { check } from '../runtime/verdict.ts';
import { crc32, fillRandom } from '../runtime/workload.ts';
import {
  BLOCK_REQUESTS,
  blockCapacity,
  blockQueue,
  openBlock,
  requestBlock,
  statusOfRequest,
  usedRequest,
} from '../virtio/block.ts';
import { VirtioPort } from '../virtio/discover.ts';
import { hasInterrupt, resetPort, statusOf } from '../virtio/port.ts';
import { awaitUsed, takeUsed } from '../virtio/queue.ts';

const SECTOR: u32 = <u32>VIRTIO_BLK_SECTOR_BYTES;
const FEW_BYTES: u32 = 4 * SECTOR;
const FEW_WORDS: u64 = 256;
const UNKNOWN_TYPE: u32 = 99;
const SEED: u64 = 77;
/** Sectors that are written, in the middle of a page of the disk. */
const PLACE: u64 = 21;

const sent: usize = memory.data(2048, 4096);
const received: usize = memory.data(2064, 4096);
let interrupted: u64 = 0;

/** Makes one request and waits for it; its status. */
function ask(type: u32, sector: u64, data: usize, bytes: u32): u32 {
  requestBlock(0, type, sector, data, bytes);
  awaitUsed(blockQueue);
  takePending();
  interrupted++;
  return statusOfRequest(0);
}

/** Reads, writes and reads again; asks for what cannot be; makes several requests at a time; and resets the device while it works. */
export function useBlock(port: VirtioPort): void {
  check(cstr('block-opened'), openBlock(port) ? 1 : 0, 1);
  const capacity = blockCapacity(port);
  put(cstr('block: sectors '));
  putHex(capacity);
  endLine();
  readAndWrite(capacity);
  askWrongly(capacity);
  if (hasInterrupt(port)) check(cstr('block-interrupts'), port.bufferInterrupts, interrupted);
  askTogether();
  resetAtWork(port);
}

function readAndWrite(capacity: u64): void {
  const samples = beginSamples();
  const start = csrr(csr.cycle);
  check(cstr('block-read'), ask(VIRTIO_BLK_T_IN, 3, received, FEW_BYTES), VIRTIO_BLK_S_OK);
  addSample(samples, csrr(csr.cycle) - start);
  check(cstr('block-read-bytes'), blockQueue.written, FEW_BYTES + 1);
  put(cstr('block: crc '));
  putHex(crc32(received, FEW_BYTES));
  endLine();
  fillRandom(sent, FEW_WORDS, SEED);
  check(cstr('block-write'), ask(VIRTIO_BLK_T_OUT, PLACE, sent, FEW_BYTES), VIRTIO_BLK_S_OK);
  check(cstr('block-write-bytes'), blockQueue.written, 1);
  // not aligned for the host's disk
  ask(VIRTIO_BLK_T_IN, PLACE, received + 4, FEW_BYTES);
  check(cstr('block-read-again'), bytesEqual(received + 4, sent, FEW_BYTES) ? 1 : 0, 1);
  ask(VIRTIO_BLK_T_OUT, capacity - 1, sent + 4, SECTOR);
  ask(VIRTIO_BLK_T_IN, capacity - 1, received, SECTOR);
  check(cstr('block-last-sector'), bytesEqual(received, sent + 4, SECTOR) ? 1 : 0, 1);
  check(cstr('block-name'), ask(VIRTIO_BLK_T_GET_ID, 0, received, 20), VIRTIO_BLK_S_OK);
  put(cstr('block: name '));
  put(received);
  endLine();
  reportSamples(samples, cstr('block-read'));
}

function askWrongly(capacity: u64): void {
  const behind = ask(VIRTIO_BLK_T_IN, capacity, received, SECTOR);
  check(cstr('block-behind-the-end'), behind, VIRTIO_BLK_S_IOERR);
  const across = ask(VIRTIO_BLK_T_OUT, capacity - 1, sent, 2 * SECTOR);
  check(cstr('block-across-the-end'), across, VIRTIO_BLK_S_IOERR);
  check(cstr('block-far'), ask(VIRTIO_BLK_T_IN, ~(<u64>0), received, SECTOR), VIRTIO_BLK_S_IOERR);
  check(cstr('block-half'), ask(VIRTIO_BLK_T_IN, 0, received, 256), VIRTIO_BLK_S_IOERR);
  check(cstr('block-unknown'), ask(UNKNOWN_TYPE, 0, received, SECTOR), VIRTIO_BLK_S_UNSUPP);
}

function askTogether(): void {
  zeroBytes(received, FEW_BYTES);
  for (let slot: u32 = 0; slot < BLOCK_REQUESTS; slot++)
    requestBlock(slot, VIRTIO_BLK_T_IN, PLACE + slot, received + slot * SECTOR, SECTOR);
  let done: u64 = 0;
  for (let count: u32 = 0; count < BLOCK_REQUESTS; count++) {
    awaitUsed(blockQueue);
    if (statusOfRequest(usedRequest()) == VIRTIO_BLK_S_OK) done |= 1 << usedRequest();
  }
  check(cstr('block-together'), done, (1 << BLOCK_REQUESTS) - 1);
  check(cstr('block-together-data'), bytesEqual(received, sent, FEW_BYTES) ? 1 : 0, 1);
}

/** The device is reset while it may be at work: afterwards nothing of the old requests comes any more, and it works as before. */
function resetAtWork(port: VirtioPort): void {
  requestBlock(0, VIRTIO_BLK_T_IN, PLACE, received, FEW_BYTES);
  resetPort(port);
  const seen = takeUsed(blockQueue) ? 1 : 0;
  zeroBytes(received, FEW_BYTES);
  openBlock(port);
  check(cstr('block-reset-status'), statusOf(port) & 0x40, 0);
  check(cstr('block-after-reset'), ask(VIRTIO_BLK_T_IN, PLACE, received, FEW_BYTES), 0);
  check(cstr('block-after-reset-data'), bytesEqual(received, sent, FEW_BYTES) ? 1 : 0, 1);
  check(cstr('block-after-reset-used'), takeUsed(blockQueue) ? 1 : 0, 0);
  put(cstr('block: requests done before the reset '));
  putHex(seen);
  endLine();
}
