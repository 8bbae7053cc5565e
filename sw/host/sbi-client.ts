import {
  ecall_value,
  sbi_ecall0,
  sbi_ecall1,
  sbi_ecall2,
  sbi_ecall3,
  sbi_ecall4,
  sbi_ecall5,
} from '../shared/rv.ts';
import {
  SBI_DBCN,
  SBI_DBCN_READ,
  SBI_DBCN_WRITE,
  SBI_HSM,
  SBI_HSM_HART_START,
  SBI_IPI,
  SBI_IPI_SEND_IPI,
  SBI_PMC,
  SBI_PMC_GRANT,
  SBI_PMC_LIMITS,
  SBI_PMC_REVOKE,
  SBI_PMC_SWITCH,
  SBI_RFENCE,
  SBI_RFENCE_HFENCE_GVMA,
  SBI_RFENCE_HFENCE_GVMA_VMID,
  SBI_RFENCE_SFENCE_VMA,
  SBI_SRST,
  SBI_SRST_NO_REASON,
  SBI_SRST_SHUTDOWN,
  SBI_SRST_SYSTEM_FAILURE,
  SBI_SRST_SYSTEM_RESET,
  SBI_SUCCESS,
  SBI_TIME,
  SBI_TIME_SET_TIMER,
} from '../shared/sbi.ts';

/** What the kernel asks of the firmware, one function per call; contracts are in sw/shared/sbi.ts. */

/** Sets this hart's timer. */
export function setTimer(time: u64): void {
  sbi_ecall1(SBI_TIME, SBI_TIME_SET_TIMER, time);
}

/** Interrupts harts (SSIP). */
export function sendInterrupt(harts: u64): void {
  sbi_ecall2(SBI_IPI, SBI_IPI_SEND_IPI, harts, 0);
}

/** Starts a hart at an address with a1 = opaque. */
export function startHart(hart: u64, address: usize, opaque: u64): i64 {
  return sbi_ecall3(SBI_HSM, SBI_HSM_HART_START, hart, address, opaque);
}

/** Drops translations of a range on harts. */
export function remoteSfence(harts: u64, start: u64, bytes: u64): void {
  sbi_ecall4(SBI_RFENCE, SBI_RFENCE_SFENCE_VMA, harts, 0, start, bytes);
}

/** Drops all guest-physical translations on harts. */
export function remoteGuestFence(harts: u64): void {
  sbi_ecall4(SBI_RFENCE, SBI_RFENCE_HFENCE_GVMA, harts, 0, 0, 0);
}

/** Drops the guest-physical translations of one page of a VM on harts. */
export function remoteGuestPageFence(harts: u64, address: u64, vm: u64): void {
  sbi_ecall5(SBI_RFENCE, SBI_RFENCE_HFENCE_GVMA_VMID, harts, 0, address, 4096, vm);
}

/** Writes to the console. */
export function consoleWrite(start: usize, length: u64): void {
  sbi_ecall3(SBI_DBCN, SBI_DBCN_WRITE, length, start, 0);
}

/** Reads what the console has; number of bytes. */
export function consoleRead(start: usize, length: u64): u64 {
  return sbi_ecall3(SBI_DBCN, SBI_DBCN_READ, length, start, 0) == SBI_SUCCESS ? ecall_value() : 0;
}

/** Ends the machine, as passed or as failed. */
export function shutDown(hasPassed: bool): void {
  const reason = hasPassed ? SBI_SRST_NO_REASON : SBI_SRST_SYSTEM_FAILURE;
  sbi_ecall2(SBI_SRST, SBI_SRST_SYSTEM_RESET, SBI_SRST_SHUTDOWN, reason);
}

/** Lets a VM reach a range. */
export function pmcGrant(vm: u64, base: usize, bytes: usize, permissions: u64): i64 {
  return sbi_ecall4(SBI_PMC, SBI_PMC_GRANT, vm, base, bytes, permissions);
}

/** Takes a range, or with 0, 0 all ranges, back from a VM. */
export function pmcRevoke(vm: u64, base: usize, bytes: usize): i64 {
  return sbi_ecall3(SBI_PMC, SBI_PMC_REVOKE, vm, base, bytes);
}

/** Makes a VM's ranges those of this hart. */
export function pmcSwitch(vm: u64): void {
  sbi_ecall1(SBI_PMC, SBI_PMC_SWITCH, vm);
}

/** Limits of the PMC, or 0 when the machine has none. */
export function pmcLimits(): u64 {
  return sbi_ecall0(SBI_PMC, SBI_PMC_LIMITS) == SBI_SUCCESS ? ecall_value() : 0;
}
