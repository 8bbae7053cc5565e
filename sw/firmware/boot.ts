import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrr, csrw, wfi } from '../shared/rv.ts';
import { SBI_HSM_STATE_STARTED, SBI_HSM_STATE_STOPPED } from '../shared/sbi.ts';
import { delegateTraps } from './delegation.ts';
import { probeFeatures } from './features.ts';
import { currentHart, Hart, HART_CAPACITY, hartBlock } from './hart.ts';
import { setState, takeStartRequest } from './hart-state.ts';
import { onSoftwareInterrupt } from './mailbox.ts';
import { readPlatform } from './platform.ts';
import { probePmp, programPmp } from './pmc/pmp.ts';

/** Where the firmware starts supervisor software: right behind its own 2 MiB. */
const NEXT_STAGE: u64 = 0x8020_0000;

/** CSRs that a hart needs before supervisor software runs on it. `priv 3.1.11` */
function initializeHart(): void {
  delegateTraps();
  csrw(csr.mcounteren, 0xffff_ffff);
  programPmp(currentHart());
  csrw(csr.mie, 1 << interrupt.msip);
}

/** Sets the block so that `resume` enters S mode at `address` with paging and interrupts off, as hart_start promises. `sbi 9.1` */
export function prepareEntry(hart: Hart, address: u64, opaque: u64): void {
  hart.a0 = hart.id;
  hart.a1 = opaque;
  hart.pc = address;
  hart.status =
    (csrr(csr.mstatus) &
      ~(csr.mstatus_mpp | csr.mstatus_mpie | csr.mstatus_sie | csr.mstatus_mpv)) |
    (1 << csr.mstatus_mpp_shift);
  csrw(csr.satp, 0);
  setState(hart, SBI_HSM_STATE_STARTED);
}

/** Boots hart 0 with the device tree of the boot ROM; the reset code resumes into the next stage. */
export function bootFirstHart(deviceTree: usize): void {
  readPlatform(deviceTree);
  probeFeatures();
  probePmp();
  for (let id: u64 = 1; id < HART_CAPACITY; id++) setState(hartBlock(id), SBI_HSM_STATE_STOPPED);
  initializeHart();
  prepareEntry(currentHart(), NEXT_STAGE, deviceTree);
}

/** Waits on a hart that is not started until hart_start names it. */
export function waitForStart(hart: Hart): void {
  csrw(csr.mie, 1 << interrupt.msip);
  while (!takeStartRequest(hart)) {
    wfi();
    if ((csrr(csr.mip) & (1 << interrupt.msip)) != 0) onSoftwareInterrupt(hart);
  }
  // started first: a grant made from here on is posted to this hart, an earlier one is in the table that it reads
  prepareEntry(hart, hart.startAddress, hart.startOpaque);
  initializeHart();
}

/** Every hart but 0 starts its life stopped: hart 0 has said so, or will before it lets anybody ask. */
export function bootLaterHart(): void {
  waitForStart(currentHart());
}
