import { csrr, cstr } from '../../shared/rv.ts';
import * as csr from 'rv/csr';
import { copyBytes } from '../../shared/bytes.ts';
import { ETHERNET_LONGEST_FRAME } from '../../shared/ethernet.ts';
import { endLine, put, putHex } from '../runtime/console.ts';
import { takePending } from '../runtime/interrupts.ts';
import { addSample, beginSamples, reportSamples } from '../runtime/samples.ts';
import { check } from '../runtime/verdict.ts';
import { VirtioPort } from '../virtio/discover.ts';
import {
  netAddress,
  netReceiveQueue,
  netTransmitQueue,
  openNet,
  receivedBuffers,
  receivedBytes,
  receivedFrame,
  releaseFrame,
  sendFrame,
} from '../virtio/net.ts';
import { hasInterrupt, resetPort, statusOf } from '../virtio/port.ts';
import { awaitUsed, takeUsed } from '../virtio/queue.ts';
import {
  TYPE_ASK,
  TYPE_END,
  frameAt,
  isSame,
  receivedNumber,
  receivedType,
  writeFrame,
} from './frames.ts';

const ROUNDS: u32 = 8;
const BURST: u32 = 6;
const USUAL_BYTES: u32 = 100;
const SHORT_BYTES: u32 = 13;
const LONGEST_BYTES: u32 = <u32>ETHERNET_LONGEST_FRAME;
/** How often the receive queue is looked at before a question is asked again. */
const PATIENCE: u32 = 20_000;

let address: u64 = 0;
let number: u32 = 0;

/** Sends frame `slot`, and waits until the device is done with it. */
function send(slot: u32, bytes: u32): void {
  sendFrame(slot, frameAt(slot), bytes);
  awaitUsed(netTransmitQueue);
}

function ask(slot: u32): void {
  number++;
  writeFrame(slot, address, TYPE_ASK, number);
}

/** Asks and waits for the answer: 1 when it is the frame that was sent. */
function exchange(bytes: u32): u64 {
  ask(0);
  send(0, bytes);
  awaitUsed(netReceiveQueue);
  const isWhole = isSame(frameAt(0), bytes) && receivedBuffers() == 1;
  releaseFrame();
  return isWhole ? 1 : 0;
}

/** Sends frames of all sizes, several at a time, and ones that cannot be sent; what comes back is compared. At the other end of the link is the device itself, or `answerNet`. */
export function useNet(port: VirtioPort, isPeerOther: bool): void {
  check(cstr('net-opened'), openNet(port) ? 1 : 0, 1);
  address = netAddress(port);
  put(cstr('net: address '));
  putHex(address);
  endLine();
  if (isPeerOther) awaitPeer();
  const samples = beginSamples();
  let whole: u64 = 0;
  for (let round: u32 = 0; round < ROUNDS; round++) {
    const start = csrr(csr.cycle);
    whole += exchange(USUAL_BYTES);
    addSample(samples, csrr(csr.cycle) - start);
  }
  check(cstr('net-exchanged'), whole, ROUNDS);
  check(cstr('net-shortest'), exchange(60), 1);
  check(cstr('net-longest'), exchange(LONGEST_BYTES), 1);
  sendTogether();
  sendWrongly();
  takePending();
  if (hasInterrupt(port)) check(cstr('net-interrupted'), port.bufferInterrupts != 0 ? 1 : 0, 1);
  resetAtWork(port);
  if (isPeerOther) {
    writeFrame(0, address, TYPE_END, 0);
    send(0, USUAL_BYTES);
  }
  reportSamples(samples, cstr('net-exchange'));
}

/** Asks until somebody answers, who may not have started yet; answers to earlier questions may come late. */
function awaitPeer(): void {
  while (true) {
    ask(0);
    send(0, USUAL_BYTES);
    for (let look: u32 = 0; look < PATIENCE; look++) {
      takePending();
      if (!takeUsed(netReceiveQueue)) continue;
      const isAnswer = receivedNumber() == number;
      releaseFrame();
      if (isAnswer) return;
    }
  }
}

function sendTogether(): void {
  for (let slot: u32 = 0; slot < BURST; slot++) {
    ask(slot);
    sendFrame(slot, frameAt(slot), USUAL_BYTES);
  }
  let inOrder: u64 = 0;
  for (let slot: u32 = 0; slot < BURST; slot++) {
    awaitUsed(netReceiveQueue);
    if (isSame(frameAt(slot), USUAL_BYTES)) inOrder++;
    releaseFrame();
  }
  for (let slot: u32 = 0; slot < BURST; slot++) awaitUsed(netTransmitQueue);
  check(cstr('net-together'), inOrder, BURST);
}

/** Frames that no network takes are lost, and the next one is sent as ever. */
function sendWrongly(): void {
  ask(0);
  send(0, LONGEST_BYTES + 1);
  send(0, SHORT_BYTES);
  check(cstr('net-after-lost'), exchange(USUAL_BYTES), 1);
}

/** The device is reset while a frame is on its way: afterwards it works as before, and what comes of the old frame comes as if it were new. */
function resetAtWork(port: VirtioPort): void {
  ask(0);
  sendFrame(0, frameAt(0), USUAL_BYTES);
  resetPort(port);
  openNet(port);
  check(cstr('net-reset-status'), statusOf(port) & 0x40, 0);
  ask(0);
  send(0, USUAL_BYTES);
  while (true) {
    awaitUsed(netReceiveQueue);
    if (receivedNumber() == number) break;
    releaseFrame();
  }
  check(cstr('net-after-reset'), isSame(frameAt(0), USUAL_BYTES) ? 1 : 0, 1);
  releaseFrame();
}

/** Sends every frame back until the last one of the conversation. */
export function answerNet(port: VirtioPort): void {
  check(cstr('net-opened'), openNet(port) ? 1 : 0, 1);
  let answered: u64 = 0;
  while (true) {
    awaitUsed(netReceiveQueue);
    const bytes = receivedBytes();
    copyBytes(frameAt(0), receivedFrame(), bytes);
    const type = receivedType();
    releaseFrame();
    if (type == TYPE_END) break;
    send(0, bytes);
    answered++;
  }
  check(cstr('net-answered'), answered != 0 ? 1 : 0, 1);
}
