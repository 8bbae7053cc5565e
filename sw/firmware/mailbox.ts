import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { amoor_w, amoswap_w, csrs, lw } from '../shared/rv.ts';
import { clearSoftwareInterrupt, raiseSoftwareInterrupt } from './clint.ts';
import { Hart, hartBlock } from './hart.ts';
import { performFence } from './remote-fence.ts';

/** Request bits of one hart to another: raise SSIP; carry out the fence that is posted. */
export const REQUEST_INTERRUPT: u32 = 1;
export const REQUEST_FENCE: u32 = 2;

function requestsWord(hart: Hart): usize {
  return changetype<usize>(hart) + offsetof<Hart>('requests');
}

/** Asks a hart for something; it answers in its machine software interrupt. */
export function request(hartId: u64, bits: u32): void {
  amoor_w(requestsWord(hartBlock(hartId)), bits);
  raiseSoftwareInterrupt(hartId);
}

/** Carries out what other harts asked of this one. */
export function answerRequests(hart: Hart): void {
  if (lw(requestsWord(hart), 0) == 0) return;
  const bits: u32 = amoswap_w(requestsWord(hart), 0);
  if ((bits & REQUEST_INTERRUPT) != 0) csrs(csr.mip, 1 << interrupt.ssip);
  if ((bits & REQUEST_FENCE) != 0) performFence(hart);
}

/** The machine software interrupt: lowers it first, so that a request made meanwhile raises it again. */
export function onSoftwareInterrupt(hart: Hart): void {
  clearSoftwareInterrupt(hart.id);
  answerRequests(hart);
}
