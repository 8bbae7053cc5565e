import { sbi_ecall2, sbi_ecall0 } from '../../shared/rv.ts';
import {
  SBI_LEGACY_SHUTDOWN,
  SBI_SRST,
  SBI_SRST_SHUTDOWN,
  SBI_SRST_SYSTEM_RESET,
} from '../../shared/sbi.ts';

/** Ends the machine; `reason` is one of the SBI_SRST_ reasons and becomes the machine's verdict (sbi 10.1). */
export function shut_down(reason: u64): void {
  sbi_ecall2(SBI_SRST, SBI_SRST_SYSTEM_RESET, SBI_SRST_SHUTDOWN, reason);
  // an SBI without the extension still has the legacy call
  sbi_ecall0(SBI_LEGACY_SHUTDOWN, 0);
}
