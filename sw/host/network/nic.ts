import { ld, lhu, lwu, sd, sw } from '../../shared/rv.ts';
import { deviceAddress } from '../memory/page-table.ts';
import { hasPlic } from '../plic.ts';

/** Registers of a network interface (icenet, `NIC.scala`). */
const SEND_REQUEST: i32 = 0x00;
const RECEIVE_REQUEST: i32 = 0x08;
const SEND_COMPLETE: i32 = 0x10;
const RECEIVE_COMPLETE: i32 = 0x12;
const COUNTS: i32 = 0x14;
const ADDRESS: i32 = 0x18;
const INTERRUPT_MASK: i32 = 0x20;
const LENGTH_SHIFT: u64 = 48;
const BOTH_INTERRUPTS: u32 = 3;

/** One network interface as the device tree describes it, and where its buffers are. */
@unmanaged
export class Nic {
  /** Physical address of its registers. */
  physical: usize;
  /** Sources at the interrupt controller: a frame was sent, one was received; 0 = not wired. */
  sendSource: u32;
  receiveSource: u32;
  /** The process that opened it, or 0. */
  owner: usize;
  /** Buffers for each direction, used in turn; 0 until it is opened for the first time. */
  sendRing: u64;
  receiveRing: u64;
  /** Frames that were given to it, and those that it has sent. */
  begun: u64;
  sent: u64;
  /** Frames that it put into memory, and those that were taken from there. */
  received: u64;
  taken: u64;
}

/** Most interfaces of a machine. */
const NIC_CAPACITY: u64 = 4;
const table: usize = memory.data(offsetof<Nic>() * 4, 8);
let count: u64 = 0;

/** Interfaces of the machine. */
export function nicCount(): u64 {
  return count;
}

/** Interface `index`. */
export function nicAt(index: u64): Nic {
  return changetype<Nic>(table + <usize>index * offsetof<Nic>());
}

/** The device tree has one more, which the next facts are of; null when there is no room for it. */
export function addNic(): Nic | null {
  return count == NIC_CAPACITY ? null : nicAt(count++);
}

function registers(nic: Nic): usize {
  return deviceAddress(nic.physical);
}

/** Whether the kernel reaches the interface, and hears from it in both directions. */
export function isUsable(nic: Nic): bool {
  const isReachable = nic.physical != 0 && registers(nic) != 0;
  return isReachable && nic.sendSource != 0 && nic.receiveSource != 0 && hasPlic();
}

/** The interface behind a source of the interrupt controller, or null. */
export function nicOfSource(source: u32): Nic | null {
  for (let index: u64 = 0; index < count; index++) {
    const nic = nicAt(index);
    if (nic.sendSource == source || nic.receiveSource == source) return nic;
  }
  return null;
}

/** Its address, the first byte lowest. */
export function addressOf(nic: Nic): u64 {
  return ld(registers(nic), ADDRESS);
}

/** Entries that its queues have room for, as `counts` says: of sending, of receiving. */
export function sendRoom(nic: Nic): u64 {
  return lwu(registers(nic), COUNTS) & 0xff;
}

/** As `sendRoom`, for memory for frames to come. */
export function receiveRoom(nic: Nic): u64 {
  return (lwu(registers(nic), COUNTS) >> 8) & 0xff;
}

/** Lets it interrupt in both directions. */
export function enableInterrupts(nic: Nic): void {
  sw(registers(nic), BOTH_INTERRUPTS, INTERRUPT_MASK);
}

/** Gives it a frame to send. */
export function requestSend(nic: Nic, physical: usize, length: u64): void {
  sd(registers(nic), physical | (length << LENGTH_SHIFT), SEND_REQUEST);
}

/** Gives it memory for a frame. */
export function requestReceive(nic: Nic, physical: usize): void {
  sd(registers(nic), physical, RECEIVE_REQUEST);
}

/** Takes the completion of a frame that was sent; false when there is none. */
export function takeSent(nic: Nic): bool {
  return lhu(registers(nic), SEND_COMPLETE) != 0;
}

/** Takes the length of the next frame in memory; 0 when there is none. */
export function takeReceived(nic: Nic): u64 {
  return lhu(registers(nic), RECEIVE_COMPLETE);
}
