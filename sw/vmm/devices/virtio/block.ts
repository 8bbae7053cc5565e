import { cstr } from '../../../shared/rv.ts';
import { copyBytes, zeroBytes } from '../../../shared/bytes.ts';
import { stringLength } from '../../../shared/strings.ts';
import { O_RDWR } from '../../../shared/syscalls.ts';
import {
  VIRTIO_BLK_CONFIG_CAPACITY,
  VIRTIO_BLK_HEADER_BYTES,
  VIRTIO_BLK_ID_BYTES,
  VIRTIO_BLK_REQUEST_SECTOR,
  VIRTIO_BLK_REQUEST_TYPE,
  VIRTIO_BLK_SECTOR_BYTES,
  VIRTIO_BLK_S_IOERR,
  VIRTIO_BLK_S_OK,
  VIRTIO_BLK_S_UNSUPP,
  VIRTIO_BLK_T_GET_ID,
  VIRTIO_BLK_T_IN,
  VIRTIO_BLK_T_OUT,
} from '../../../shared/virtio-block.ts';
import { STATUS_DRIVER, failWith } from '../../failure.ts';
import { openFile, sizeOfFile } from '../../host.ts';
import { Chain, readFromChain, writeToChain } from './chain.ts';
import { moveSectors } from './block-data.ts';

/** It has one queue (virtio 5.2.2). */
export const BLOCK_QUEUES: u32 = 1;

let disk: u64 = 0;
let capacity: u64 = 0;
const header: usize = memory.data(16, 8);
const name: usize = memory.data(20, 8);
const status: usize = memory.data(8, 8);

/** Opens the host's disk; ends the process when there is none. */
export function openBlock(): void {
  const file = openFile(cstr('/dev/disk'), O_RDWR);
  if (file < 0) failWith(STATUS_DRIVER, cstr('--devices block: cannot open /dev/disk'), file);
  disk = <u64>file;
  capacity = <u64>sizeOfFile(disk) / VIRTIO_BLK_SECTOR_BYTES;
  const text = cstr('dvlab disk');
  zeroBytes(name, VIRTIO_BLK_ID_BYTES);
  copyBytes(name, text, stringLength(text));
}

/** The configuration space: nothing but the capacity, since no feature adds to it (virtio 5.2.4). */
export function blockConfiguration(offset: u32): u64 {
  const byte = offset - VIRTIO_BLK_CONFIG_CAPACITY;
  return byte < 8 ? capacity >> ((<u64>byte) << 3) : 0;
}

/** Carries out a request; the bytes written to its buffer, or -1 when the buffer has no room for header or status (virtio 5.2.6). */
export function serveBlock(chain: Chain): i64 {
  if (chain.readableBytes < VIRTIO_BLK_HEADER_BYTES || chain.writableBytes == 0) return -1;
  readFromChain(chain, 0, header, <usize>VIRTIO_BLK_HEADER_BYTES);
  const room = chain.writableBytes - 1;
  store<u8>(status, VIRTIO_BLK_S_OK);
  const written = perform(chain, load<u32>(header, VIRTIO_BLK_REQUEST_TYPE), room);
  // the status is the last byte, wherever the data end
  writeToChain(chain, room, status, 1);
  return <i64>written + 1;
}

function failRequest(reason: u32): u64 {
  store<u8>(status, reason);
  return 0;
}

/** The bytes written before the status. */
function perform(chain: Chain, type: u32, room: u64): u64 {
  const sector = load<u64>(header, VIRTIO_BLK_REQUEST_SECTOR);
  switch (type) {
    case VIRTIO_BLK_T_IN:
      return move(chain, false, sector, room) ? room : failRequest(VIRTIO_BLK_S_IOERR);
    case VIRTIO_BLK_T_OUT: {
      const bytes = chain.readableBytes - VIRTIO_BLK_HEADER_BYTES;
      return move(chain, true, sector, bytes) ? 0 : failRequest(VIRTIO_BLK_S_IOERR);
    }
    case VIRTIO_BLK_T_GET_ID:
      if (room < VIRTIO_BLK_ID_BYTES) return failRequest(VIRTIO_BLK_S_IOERR);
      return writeToChain(chain, 0, name, VIRTIO_BLK_ID_BYTES);
    default:
      return failRequest(VIRTIO_BLK_S_UNSUPP);
  }
}

/** Whole sectors of the disk, no others. */
function move(chain: Chain, isWrite: bool, sector: u64, bytes: u64): bool {
  const count = bytes / VIRTIO_BLK_SECTOR_BYTES;
  if (count * VIRTIO_BLK_SECTOR_BYTES != bytes) return false;
  if (sector > capacity || count > capacity - sector) return false;
  return moveSectors(disk, chain, isWrite, sector * VIRTIO_BLK_SECTOR_BYTES, bytes);
}
