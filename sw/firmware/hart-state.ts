import {
  amoswap_w,
  fence,
  FENCE_R,
  FENCE_RW,
  FENCE_W,
  fence_i,
  lw,
  lr_w,
  sc_w,
  sfence_vma_all,
} from '../shared/rv.ts';
import { SBI_HSM_STATE_START_PENDING, SBI_HSM_STATE_STOPPED } from '../shared/sbi.ts';
import { Hart } from './hart.ts';

function stateWord(hart: Hart): usize {
  return changetype<usize>(hart) + offsetof<Hart>('state');
}

/** State of a hart, SBI_HSM_STATE_*. */
export function stateOf(hart: Hart): u64 {
  return <u64>lw(stateWord(hart), 0);
}

/** Changes a hart's state. */
export function setState(hart: Hart, state: u64): void {
  fence(FENCE_RW, FENCE_W);
  amoswap_w(stateWord(hart), <u32>state);
}

/** Moves a stopped hart to start-pending; false when it was not stopped. Only one caller can succeed. */
export function claimStart(hart: Hart): bool {
  while (true) {
    if (<u64>lr_w(stateWord(hart)) != SBI_HSM_STATE_STOPPED) return false;
    if (sc_w(stateWord(hart), <u32>SBI_HSM_STATE_START_PENDING) == 0) return true;
  }
}

/** Whether this stopped hart has been asked to start; then its caches are brought up to date. */
export function takeStartRequest(hart: Hart): bool {
  if (stateOf(hart) != SBI_HSM_STATE_START_PENDING) return false;
  fence(FENCE_R, FENCE_RW);
  fence_i();
  sfence_vma_all();
  return true;
}

/** Whether a hart has supervisor software on it, running or suspended, so that interrupts and fences concern it. */
export function isStarted(hart: Hart): bool {
  const state = stateOf(hart);
  return state != SBI_HSM_STATE_STOPPED && state != SBI_HSM_STATE_START_PENDING;
}
