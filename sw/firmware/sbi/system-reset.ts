import {
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_SRST_COLD_REBOOT,
  SBI_SRST_NO_REASON,
  SBI_SRST_SHUTDOWN,
  SBI_SRST_SYSTEM_FAILURE,
  SBI_SRST_SYSTEM_RESET,
  SBI_SRST_WARM_REBOOT,
} from '../../shared/sbi.ts';
import { fail, pass, resetMachine } from '../finisher.ts';
import { Hart } from '../hart.ts';

/** System reset extension: ends the machine through the test finisher. `sbi 10` */
export function callSystemReset(hart: Hart): i64 {
  if (hart.a6 != SBI_SRST_SYSTEM_RESET) return SBI_ERR_NOT_SUPPORTED;
  if (hart.a0 > SBI_SRST_WARM_REBOOT || hart.a1 > SBI_SRST_SYSTEM_FAILURE)
    return SBI_ERR_INVALID_PARAM;
  if (hart.a0 == SBI_SRST_SHUTDOWN) {
    if (hart.a1 == SBI_SRST_NO_REASON) pass();
    fail(<u32>hart.a1);
  }
  if (hart.a0 != SBI_SRST_COLD_REBOOT) return SBI_ERR_NOT_SUPPORTED;
  resetMachine();
  return SBI_ERR_NOT_SUPPORTED;
}
