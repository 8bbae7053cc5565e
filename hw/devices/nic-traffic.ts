import type { BusPort, ClockDomain } from '../kernel/index.ts';
import {
  cyclesOfFrame,
  cyclesOfGap,
  ethernetLink,
  readFrame,
  writeFrame,
  type LinkFrame,
} from './ethernet-link.ts';
import { bytesFromMemory, bytesToMemory } from './frame-copy.ts';
import type { NicOptions } from './nic-options.ts';

/** Bytes of the longest frame that the NIC's buffers hold (IceNIC: ETH_MAX_BYTES). */
const longestFrame = 1520;

/** A piece of memory that is to be sent. */
export interface SendRequest {
  address: number;
  length: number;
  /** Whether the frame goes on in the next request. */
  isPart: boolean;
}

/** What the NIC remembers. */
export interface NicState {
  sendRequests: SendRequest[];
  /** Addresses of memory for frames to come. */
  receiveRequests: number[];
  sendsComplete: number;
  /** Lengths of the frames in memory that software has not been told of. */
  received: number[];
  interruptMask: number;
  /** What earlier requests gave of the frame that is being put together. */
  begun: string;
  /** Frames that were sent, and the last of them as the link has it. */
  sentFrames: number;
  sent: string;
  /** Tick at which the request whose frame is being sent is complete; 0: none is. */
  sendEndsAt: number;
  /** Tick from which on the next frame may be sent. */
  linkFreeAt: number;
  /** What was seen on the way in last. */
  seen: string;
  /** Frames on the way in. */
  arriving: LinkFrame[];
  /** Frames that have arrived and wait for memory. */
  buffered: string[];
}

interface Surroundings {
  readonly now: number;
  readonly options: NicOptions;
  readonly clocks: { readonly core: ClockDomain };
  readonly buses: { readonly memory: BusPort };
}

/** Reads the memory of the request at the head of the queue, and sends the frame when it is whole. */
export function send(draft: NicState, { now, options: shape, clocks, buses }: Surroundings): void {
  const [request] = draft.sendRequests;
  if (request === undefined) return;
  draft.begun += bytesFromMemory(buses.memory, request.address, request.length);
  // one byte too many is enough to know
  draft.begun = draft.begun.slice(0, 2 * (longestFrame + 1));
  if (request.isPart) {
    finishRequest(draft);
    return;
  }
  const bytes = draft.begun;
  draft.begun = '';
  const length = bytes.length / 2;
  if (length === 0 || length > longestFrame) {
    finishRequest(draft);
    return;
  }
  const { period } = clocks.core;
  draft.sendEndsAt = now + cyclesOfFrame(length, shape.bitsPerCycle) * period;
  draft.linkFreeAt = draft.sendEndsAt + cyclesOfGap(shape.bitsPerCycle) * period;
  const arrivesAt = draft.sendEndsAt + shape.linkLatency * period;
  draft.sentFrames++;
  draft.sent = writeFrame({ sequence: draft.sentFrames, arrivesAt, bytes });
}

/** Ends the request at the head of the queue. */
export function finishRequest(draft: NicState): void {
  draft.sendRequests.shift();
  draft.sendsComplete++;
}

/** Sees the frame that the link carries. */
export function see(draft: NicState, rx: string): void {
  draft.seen = rx;
  draft.arriving.push(readFrame(rx));
}

/** Takes a frame off the link; one that finds no room is lost. */
export function arrive(draft: NicState, { now, options: shape }: Surroundings): void {
  const [frame] = draft.arriving;
  if (frame === undefined || frame.arrivesAt > now) return;
  draft.arriving.shift();
  if (draft.buffered.length < shape.bufferedFrames) draft.buffered.push(frame.bytes);
}

/** Whether a frame that has arrived can go to memory. */
export function canStore(state: NicState, shape: NicOptions): boolean {
  const isRoom = state.receiveRequests.length > 0 && state.received.length < shape.queueDepth;
  return isRoom && state.buffered.length > 0;
}

/** Brings frames that have arrived to memory, as long as there is some for them. */
export function storeFrames(draft: NicState, { options: shape, buses }: Surroundings): void {
  while (canStore(draft, shape)) {
    const bytes = draft.buffered.shift() ?? '';
    bytesToMemory(buses.memory, draft.receiveRequests.shift() ?? 0, bytes);
    draft.received.push(bytes.length / 2);
  }
}

/** Whether a request waits that can be begun when the link is free; completions that nobody takes hold it up. */
export function canSend(state: NicState, shape: NicOptions): boolean {
  const isReady = state.sendEndsAt === 0 && state.sendsComplete < shape.queueDepth;
  return isReady && state.sendRequests.length > 0;
}

/** A NIC that has nothing to do and tells nobody. */
export const quietNic: NicState = {
  sendRequests: [],
  receiveRequests: [],
  sendsComplete: 0,
  received: [],
  interruptMask: 0,
  begun: '',
  sentFrames: 0,
  sent: ethernetLink.initial,
  sendEndsAt: 0,
  linkFreeAt: 0,
  seen: ethernetLink.initial,
  arriving: [],
  buffered: [],
};
