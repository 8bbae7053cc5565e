import { ETHERNET_LONGEST_FRAME } from '../../shared/ethernet.ts';
import { zeroBytes } from '../../shared/bytes.ts';
import { VirtioPort } from '../virtio/discover.ts';
import {
  netReceiveQueue,
  netTransmitQueue,
  openNet,
  receivedBytes,
  receivedFrame,
  releaseFrame,
  sendFrame,
} from '../virtio/net.ts';
import { takeUsed } from '../virtio/queue.ts';

/** A stream of the longest frames through the network and back, as netperf's test of throughput: so many are under way, and the rest wait. */

const WINDOW: u64 = 4;
const BYTES: u32 = <u32>ETHERNET_LONGEST_FRAME;
/** Place of a frame's number, behind its header. */
const NUMBER: i32 = 16;
const FRAME_ROOM: usize = 1536;
const frames: usize = memory.data(4 * 1536, 8);

/** Brings the network up. */
export function openStream(port: VirtioPort): bool {
  zeroBytes(frames, <usize>WINDOW * FRAME_ROOM);
  return openNet(port);
}

/** Streams so many frames; how many came back as they were sent and in order. */
export function streamFrames(count: u64): u64 {
  let sent: u64 = 0;
  let received: u64 = 0;
  let whole: u64 = 0;
  while (received < count) {
    if (sent < count && sent - received < WINDOW) {
      // what came back was sent before, so that its place is free at once
      if (sent >= WINDOW) while (!takeUsed(netTransmitQueue)) {}
      const slot = <u32>(sent & (WINDOW - 1));
      const frame = frames + <usize>slot * FRAME_ROOM;
      store<u32>(frame, <u32>sent, NUMBER);
      sendFrame(slot, frame, BYTES);
      sent++;
    } else if (takeUsed(netReceiveQueue)) {
      if (receivedBytes() == BYTES && load<u32>(receivedFrame(), NUMBER) == <u32>received) whole++;
      received++;
      releaseFrame();
    }
  }
  return whole;
}
