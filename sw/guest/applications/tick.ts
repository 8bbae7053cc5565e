import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { amoadd_d, csrr, csrs, ld } from '../../shared/rv.ts';
import { setTimer } from '../runtime/timer.ts';

/** The clock of an operating system: an interrupt per millisecond and hart while applications run. */

/** `time` between two ticks; the bundled machines count microseconds. */
const TICK: u64 = 1000;

const tickWord: usize = memory.data(8, 64);

/** Begins to tick on this hart. */
export function startTicking(): void {
  csrs(csr.sie, 1 << interrupt.stip);
  setTimer(csrr(csr.time) + TICK);
}

/** The handler of the timer interrupt. */
export function tick(): void {
  amoadd_d(tickWord, 1);
  setTimer(csrr(csr.time) + TICK);
}

/** Ticks of all harts so far. */
export function ticks(): u64 {
  return ld(tickWord, 0);
}
