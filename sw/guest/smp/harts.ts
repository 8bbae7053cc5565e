import {
  ecall_value,
  sbi_ecall0,
  sbi_ecall1,
  sbi_ecall2,
  sbi_ecall3,
  sbi_ecall4,
  sym_addr,
} from '../../shared/rv.ts';
import {
  SBI_HSM,
  SBI_HSM_HART_GET_STATUS,
  SBI_HSM_HART_START,
  SBI_HSM_HART_STOP,
  SBI_IPI,
  SBI_IPI_SEND_IPI,
  SBI_RFENCE,
  SBI_RFENCE_FENCE_I,
  SBI_RFENCE_SFENCE_VMA,
} from '../../shared/sbi.ts';

/** Starts another hart of the machine at the program's entry with `argument` (sbi 9.1). */
export function startHart(hart: u64, argument: u64): i64 {
  return sbi_ecall3(SBI_HSM, SBI_HSM_HART_START, hart, sym_addr('guest_start'), argument);
}

/** Stops the calling hart (sbi 9.2). */
export function stopThisHart(): void {
  sbi_ecall0(SBI_HSM, SBI_HSM_HART_STOP);
}

/** State of a hart, one of the SBI_HSM_STATE_ constants (sbi 9.3). */
export function stateOfHart(hart: u64): u64 {
  sbi_ecall1(SBI_HSM, SBI_HSM_HART_GET_STATUS, hart);
  return ecall_value();
}

/** Sends a supervisor software interrupt to a hart (sbi 7.1). */
export function interruptHart(hart: u64): i64 {
  return sbi_ecall2(SBI_IPI, SBI_IPI_SEND_IPI, 1, hart);
}

/** Makes all harts see changed code and changed translations (sbi 8). */
export function fenceAllHarts(): i64 {
  const fetched = sbi_ecall2(SBI_RFENCE, SBI_RFENCE_FENCE_I, 0, ~(<u64>0));
  const translated = sbi_ecall4(SBI_RFENCE, SBI_RFENCE_SFENCE_VMA, 0, ~(<u64>0), 0, ~(<u64>0));
  return fetched != 0 ? fetched : translated;
}
