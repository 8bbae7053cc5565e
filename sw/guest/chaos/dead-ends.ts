import * as csr from 'rv/csr';
import { csrw, ebreak, wfi } from '../../shared/rv.ts';

/** No memory and no device: every fetch there traps. */
const NOWHERE: u64 = 0x7000_0000;

/** Traps with a trap vector where nothing is, so that the trap traps, for ever. */
export function loopOfTraps(): void {
  csrw(csr.stvec, NOWHERE);
  ebreak();
}

/** Waits for an interrupt with all of them disabled. */
export function sleepForever(): void {
  csrw(csr.sie, 0);
  while (true) wfi();
}
