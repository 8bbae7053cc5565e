import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrs } from '../../shared/rv.ts';
import { SBI_ERR_NOT_SUPPORTED, SBI_SUCCESS, SBI_TIME_SET_TIMER } from '../../shared/sbi.ts';
import { setTimer } from '../clint.ts';
import { Hart } from '../hart.ts';

/** Sets the hart's timer for supervisor software and takes a pending timer interrupt back. `sbi 6.1` */
export function programTimer(hart: Hart, time: u64): void {
  setTimer(hart.id, time);
  csrc(csr.mip, 1 << interrupt.stip);
  csrs(csr.mie, 1 << interrupt.mtip);
}

/** The machine timer came: it becomes the supervisor's; silent until the next set_timer. */
export function onTimerInterrupt(): void {
  csrc(csr.mie, 1 << interrupt.mtip);
  csrs(csr.mip, 1 << interrupt.stip);
}

/** Timer extension. `sbi 6` */
export function callTimer(hart: Hart): i64 {
  if (hart.a6 != SBI_TIME_SET_TIMER) return SBI_ERR_NOT_SUPPORTED;
  programTimer(hart, hart.a0);
  return SBI_SUCCESS;
}
