import { EBUSY, ENODEV, ENOMEM } from '../../shared/syscalls.ts';
import { Hart } from '../hart.ts';
import { copyIn, copyOut } from '../memory/user-memory.ts';
import { Process } from '../process/process.ts';
import { FOREVER, Thread, threadLimit } from '../process/thread.ts';
import { sleepUntil } from '../scheduler.ts';
import { wakeFutex } from '../syscall/futex.ts';
import {
  RECEIVE_BUFFERS,
  SEND_BUFFERS,
  lengthOf,
  noteLength,
  receiveBuffer,
  sendBuffer,
  takeBuffers,
} from './frames.ts';
import {
  Nic,
  enableInterrupts,
  isUsable,
  nicAt,
  nicCount,
  receiveRoom,
  requestReceive,
  requestSend,
  sendRoom,
  takeReceived,
  takeSent,
} from './nic.ts';

function least(a: u64, b: u64): u64 {
  return a < b ? a : b;
}

/** Gives the process the first interface that nobody has: its number, ENODEV without any, EBUSY when all are taken. */
export function openNic(process: Process): i64 {
  let isThere: bool = false;
  for (let index: u64 = 0; index < nicCount(); index++) {
    const nic = nicAt(index);
    if (!isUsable(nic)) continue;
    isThere = true;
    if (nic.owner != 0) continue;
    if (nic.receiveRing == 0 && !prepare(nic)) return -ENOMEM;
    // what came while nobody listened is nobody's
    discard(nic);
    nic.owner = changetype<usize>(process);
    return <i64>index;
  }
  return isThere ? -EBUSY : -ENODEV;
}

/** The process is done with the interface. */
export function closeNic(nic: Nic): void {
  nic.owner = 0;
  discard(nic);
}

/** The first process is about to use it: it gets memory for frames. */
function prepare(nic: Nic): bool {
  if (!takeBuffers(nic)) return false;
  nic.sendRing = least(SEND_BUFFERS, sendRoom(nic));
  nic.receiveRing = least(RECEIVE_BUFFERS, receiveRoom(nic));
  for (let slot: u64 = 0; slot < nic.receiveRing; slot++)
    requestReceive(nic, receiveBuffer(nic, slot));
  enableInterrupts(nic);
  return true;
}

function discard(nic: Nic): void {
  while (nic.taken != nic.received) giveBack(nic);
}

/** The memory of the oldest frame is for another one. */
function giveBack(nic: Nic): void {
  requestReceive(nic, receiveBuffer(nic, nic.taken));
  nic.taken++;
}

function sendWord(nic: Nic): usize {
  return changetype<usize>(nic) + offsetof<Nic>('sent');
}

function receiveWord(nic: Nic): usize {
  return changetype<usize>(nic) + offsetof<Nic>('received');
}

function waitFor(hart: Hart, thread: Thread, word: usize): void {
  thread.futex = word;
  sleepUntil(hart, thread, FOREVER, <i64>thread.a0);
}

/** Whether a frame waits; else the thread sleeps until one comes. */
export function awaitFrame(hart: Hart, thread: Thread, nic: Nic): bool {
  if (nic.taken != nic.received) return true;
  waitFor(hart, thread, receiveWord(nic));
  return false;
}

/** Copies the oldest frame to the process, as much of it as there is room for, and forgets it; its bytes, or -1 for a bad address. */
export function takeFrame(process: Process, nic: Nic, address: u64, room: u64): i64 {
  const length = least(lengthOf(nic, nic.taken), room);
  if (!copyOut(process, address, receiveBuffer(nic, nic.taken), length)) return -1;
  giveBack(nic);
  return <i64>length;
}

/** Whether a frame can be sent; else the thread sleeps until one was. */
export function awaitSendBuffer(hart: Hart, thread: Thread, nic: Nic): bool {
  if (nic.begun - nic.sent < nic.sendRing) return true;
  waitFor(hart, thread, sendWord(nic));
  return false;
}

/** Sends a frame of the process; false for a bad address. */
export function sendFrame(process: Process, nic: Nic, address: u64, length: u64): bool {
  const buffer = sendBuffer(nic, nic.begun);
  if (!copyIn(process, buffer, address, length)) return false;
  requestSend(nic, buffer, length);
  nic.begun++;
  return true;
}

/** Serves the interrupts of an interface: wakes who waits for a frame, or to send one. */
export function onNicInterrupt(hart: Hart, nic: Nic): void {
  while (takeSent(nic)) {
    nic.sent++;
    wakeFutex(hart, sendWord(nic), threadLimit);
  }
  for (let length: u64 = 0; (length = takeReceived(nic)) != 0;) {
    noteLength(nic, nic.received, length);
    nic.received++;
    wakeFutex(hart, receiveWord(nic), threadLimit);
  }
  if (nic.owner == 0) discard(nic);
}
