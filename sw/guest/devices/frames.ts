import { ETHERNET_ADDRESS_BYTES, ETHERNET_SOURCE, ETHERNET_TYPE } from '../../shared/ethernet.ts';
import { bytesEqual } from '../../shared/bytes.ts';
import { fillRandom } from '../runtime/workload.ts';
import { receivedBytes, receivedFrame } from '../virtio/net.ts';

/** Types for experiments (ieee 802): a frame that is to come back, and the last one of a conversation. Bytes as they are in the frame. */
export const TYPE_ASK: u32 = 0xb588;
export const TYPE_END: u32 = 0xb688;

const CAPACITY: usize = 2048;
const frames: usize = memory.data(8 * 2048, 8);
const BROADCAST: u64 = 0xffff_ffff_ffff;

/** Place of the number that tells frames apart. */
const NUMBER: i32 = 16;

/** Room for frame `slot`. */
export function frameAt(slot: u32): usize {
  return frames + <usize>slot * CAPACITY;
}

function storeAddress(frame: usize, address: u64): void {
  for (let index: usize = 0; index < ETHERNET_ADDRESS_BYTES; index++)
    store<u8>(frame + index, <u32>(address >> ((<u64>index) << 3)));
}

/** Writes a frame to everybody from an address, with random numbers that follow from its own number. */
export function writeFrame(slot: u32, source: u64, type: u32, number: u32): usize {
  const frame = frameAt(slot);
  fillRandom(frame, CAPACITY >> 3, number);
  storeAddress(frame, BROADCAST);
  storeAddress(frame + ETHERNET_SOURCE, source);
  store<u16>(frame, type, ETHERNET_TYPE);
  store<u32>(frame, number, NUMBER);
  return frame;
}

/** Whether the frame that was received last is this one, whoever sent it to whom. */
export function isSame(frame: usize, bytes: u32): bool {
  const from = <usize>ETHERNET_TYPE;
  return receivedBytes() == bytes && bytesEqual(receivedFrame() + from, frame + from, bytes - from);
}

/** Type of the frame that was received last. */
export function receivedType(): u32 {
  return load<u16>(receivedFrame(), ETHERNET_TYPE);
}

/** Number of the frame that was received last. */
export function receivedNumber(): u32 {
  return load<u32>(receivedFrame(), NUMBER);
}
