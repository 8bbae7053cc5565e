import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrr, csrs, csrw } from '../../shared/rv.ts';
import { GuestHart } from '../runtime/hart.ts';
import { NEVER, setTimer } from '../runtime/timer.ts';
import { nextRandom } from '../runtime/workload.ts';

/** Goes to `sepc` with the hart's registers (trap-vector.asm.ts); returns after the next trap. */
declare function run_user(hart: GuestHart): u64;

const STIE: u64 = 1 << interrupt.stip;
/** Longest time that one attempt may take, in ticks of `time`. */
const ATTEMPT_TICKS: u64 = 20;

let traps: u64 = 0;

/** Counts a trap and ends the attempt that caused it. */
export function trapped(): u64 {
  traps++;
  return 1;
}

/** Traps so far. */
export function trapCount(): u64 {
  return traps;
}

/**
 * Runs from `address` until the first trap, with registers that follow from `seed`; a timer interrupt ends what does not trap.
 * User mode, unless `supervisor`.
 */
export function attempt(hart: GuestHart, address: u64, seed: u64, supervisor: bool): void {
  for (let register: u64 = 1; register < 32; register++) {
    seed = nextRandom(seed);
    store<u64>(changetype<usize>(hart) + <usize>(register << 3), seed);
  }
  csrw(csr.sepc, address);
  if (supervisor) csrs(csr.sstatus, csr.sstatus_spp);
  else csrc(csr.sstatus, csr.sstatus_spp);
  csrs(csr.sstatus, csr.sstatus_spie);
  setTimer(csrr(csr.time) + ATTEMPT_TICKS);
  csrs(csr.sie, STIE);
  run_user(hart);
  csrc(csr.sie, STIE);
  setTimer(NEVER);
}
