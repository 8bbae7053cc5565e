import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrs, lbu, ld, sbi_ecall0, sd } from '../../shared/rv.ts';
import { SBI_NULL } from '../../shared/sbi.ts';
import { GuestHart } from '../runtime/hart.ts';
import { plicAddress, uartAddress, uartSource } from '../runtime/machine.ts';
import { allowSource, claimSource, completeSource, enableSource } from '../runtime/plic.ts';

/** The second hart, which does nothing but take interrupts and count them. */

/** Its number. */
export const RECEIVER: u64 = 1;
/** The source of the external interrupts, the paper's. */
export const SOURCE: u32 = 34;

/** Interrupt identification of a 16550, which ends its interrupt when it is read. */
const IIR: i32 = 2;

/** What a kernel takes from itself while it handles a trap: access to memory of users, and the floating-point state; in sstatus. */
export const USER_STATE: u64 = csr.sstatus_sum | csr.sstatus_fs;

/** Assembly: receiver-vector.asm.ts. */
declare function take_interrupts_in_kernel(hart: GuestHart): void;

/** Interrupts of both kinds that the receiver has counted; a doubleword. */
export const countWord: usize = memory.data(8, 64);
/** The count up to which the sender has seen them. */
const seenWord: usize = memory.data(8, 64);
/** The count up to which the receiver is done with them and takes the next one; ~0 until it takes the first. */
const settledWord: usize = memory.data(8, 64);

/** Before the receiver begins: it has not settled anything. */
export function expectReceiver(): void {
  sd(settledWord, ~(<u64>0), 0);
}

/** The sender has seen what was counted: waits until the receiver takes the next interrupt, as the paper's two sides wait for each other. */
export function awaitReceiver(): void {
  const count = ld(countWord, 0);
  sd(seenWord, count, 0);
  while (ld(settledWord, 0) != count) {}
}

/** The life of the second hart: it spins with interrupts on, as the paper's receiver. */
export function receive(hart: GuestHart): void {
  take_interrupts_in_kernel(hart);
  if (plicAddress != 0) {
    allowSource(SOURCE);
    enableSource(RECEIVER, SOURCE);
    // the first access of a virtual machine's hart brings the page in
    claimSource(RECEIVER);
  }
  csrs(csr.sstatus, csr.sstatus_sie);
  let settled: u64 = ~0;
  while (true) {
    const count = ld(countWord, 0);
    if (count == settled || ld(seenWord, 0) != count) continue;
    // without a controller the hypervisor takes the interrupt back, which shows here after an exit
    if (plicAddress == 0) sbi_ecall0(SBI_NULL, 0);
    csrs(csr.sie, (1 << interrupt.ssip) | (1 << interrupt.seip));
    settled = count;
    sd(settledWord, count, 0);
  }
}

function count(): void {
  sd(countWord, ld(countWord, 0) + 1, 0);
}

/** A software interrupt of the second hart. */
export function countSoftware(): void {
  csrc(csr.sip, 1 << interrupt.ssip);
  count();
}

/** An external interrupt of the second hart; one without a controller stays until the hypervisor takes it back. */
export function countExternal(): void {
  if (plicAddress == 0) {
    csrc(csr.sie, 1 << interrupt.seip);
    count();
    return;
  }
  const source = claimSource(RECEIVER);
  if (source != SOURCE) {
    countUart(source);
    return;
  }
  count();
  completeSource(RECEIVER, source);
}

/** An external interrupt of the second hart of a bare machine: its device is to be served too. */
function countUart(source: u32): void {
  if (source != uartSource) return;
  count();
  lbu(<usize>uartAddress, IIR);
  completeSource(RECEIVER, source);
}
