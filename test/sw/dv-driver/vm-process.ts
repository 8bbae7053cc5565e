import { call } from '../software-machine.ts';
import { keep, reporting, sys } from '../host/system-calls.ts';

/** Requests of the driver (sw/dv-driver/abi.ts). */
export const dv = {
  version: 0x6b01,
  requestDelegation: 0x6b03,
  registerVcpu: 0x6b04,
  unregisterVcpu: 0x6b05,
  queryPhysical: 0x6b06,
  release: 0x6b07,
  getVmid: 0x6b09,
  setStage2Root: 0x6b0a,
  kickVcpu: 0x6b0b,
  fenceGuest: 0x6b0c,
  enablePosting: 0x6b0d,
} as const;

/** The driver's descriptor lives in s1. */
export const open = `${call(sys.openat, -100, 'driver', 2)} mv s1, a0\n`;
export const request = (number: number, operand: number | bigint | string = 0): string =>
  call(sys.ioctl, 's1', number, operand);
export const grant = (bytes: number): string => call(sys.mmap, 0, bytes, 3, 1, 's1', 0);

const data = `
  driver: .asciz "/dev/dv-driver"
  .align 3
  all: .dword 0xf00400, 0x11
  hart_0: .dword 1
  hart_1: .dword 2
`;

/** A process that keeps and reports results, with the names that the requests use. */
export function driverProcess(body: string, more = ''): string {
  return reporting(body, data + more);
}

/** Pins the thread and makes it vCPU 0. */
export const becomeVcpu = (hart: 0 | 1): string => `
  ${call(sys.setAffinity, 0, 8, `hart_${String(hart)}`)}
  ${request(dv.requestDelegation, 'all')}
  ${request(dv.registerVcpu, 0)}
`;

/**
 * Grants 64 KiB, copies the code from `guest` to `guest_end` there, becomes vCPU 0 and enters it in VS mode without stage 2. Every exit lands
 * at `handler`. s2 = the grant, s3 = its physical address; the guest may use t registers.
 */
export const enterGuest = (hart: 0 | 1): string => `
  ${open}
  ${grant(0x1_0000)} mv s2, a0
  ${request(dv.queryPhysical, 's2')} mv s3, a0
  la t0, guest
  la t1, guest_end
  mv t2, s2
copy:
  lw t3, 0(t0)
  sw t3, 0(t2)
  addi t0, t0, 4
  addi t2, t2, 4
  bltu t0, t1, copy
  fence.i
  ${becomeVcpu(hart)}
  la t0, handler
  csrw utvec, t0
  csrw uepc, s3
  li t0, 0x180
  csrw hustatus, t0
`;

/** Keeps the exit's cause, value and place relative to the guest's start. */
export const keepExit = `
  csrr a0, ucause
  ${keep}
  csrr a0, utval
  ${keep}
  csrr a0, uepc
  sub a0, a0, s3
  ${keep}
`;
