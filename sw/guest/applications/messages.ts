import * as csr from 'rv/csr';
import { csrw, ld, sbi_ecall2, sd } from '../../shared/rv.ts';
import { IPI, postOperand } from '../../shared/posted-window.ts';
import { SBI_IPI, SBI_IPI_SEND_IPI } from '../../shared/sbi.ts';
import { doesPost, hartCount } from '../runtime/machine.ts';

/** Messages between harts, as hackbench's groups exchange: the receiver is interrupted for each, and answers with one. */

const BYTES: usize = 128;
/** A mailbox for each hart: a count and a message. */
const boxes: usize = memory.data(2048, 64);
const BOX_BYTES: usize = 256;

function boxOf(hart: u64): usize {
  return boxes + <usize>hart * BOX_BYTES;
}

/** Whether a hart has another one to exchange with: 0 and 1, 2 and 3 … */
export function isPaired(hart: u64): bool {
  return (hart ^ 1) < hartCount;
}

/** Puts a message into the mailbox of a hart, and interrupts it. */
function send(hart: u64, round: u64): void {
  const box = boxOf(hart);
  for (let at: usize = 0; at < BYTES; at += 8) store<u64>(box + 8 + at, round + at);
  sd(box, round, 0);
  if (doesPost) csrw(csr.hu_vitr, postOperand(hart, IPI));
  else sbi_ecall2(SBI_IPI, SBI_IPI_SEND_IPI, 1, hart);
}

/** Waits for a message and gives the sum of its words. */
function receive(hart: u64, round: u64): u64 {
  const box = boxOf(hart);
  while (ld(box, 0) != round) {}
  let sum: u64 = 0;
  for (let at: usize = 0; at < BYTES; at += 8) sum += load<u64>(box + 8 + at);
  return sum;
}

/** The side of a pair that begins; gives the sum of the answers. */
export function exchange(hart: u64, rounds: u64): u64 {
  let sum: u64 = 0;
  for (let round: u64 = 1; round <= rounds; round++) {
    send(hart ^ 1, round);
    sum += receive(hart, round);
  }
  return sum;
}

/** The side that answers. */
export function answerMessages(hart: u64, rounds: u64): void {
  for (let round: u64 = 1; round <= rounds; round++) {
    receive(hart, round);
    send(hart ^ 1, round);
  }
}
