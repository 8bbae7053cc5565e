import { fence, FENCE_IORW, sd, sw } from '../shared/rv.ts';
import { clint } from './platform.ts';

/** Registers of the CLINT: msip 4 bytes per hart, mtimecmp 8 bytes per hart. `sifive-clint` */
const MTIMECMP: usize = 0x4000;

/** Raises the machine software interrupt of a hart; earlier stores are visible to it. */
export function raiseSoftwareInterrupt(hart: u64): void {
  fence(FENCE_IORW, FENCE_IORW);
  sw(clint + (hart << 2), 1, 0);
}

/** Lowers the machine software interrupt of a hart. */
export function clearSoftwareInterrupt(hart: u64): void {
  sw(clint + (hart << 2), 0, 0);
  fence(FENCE_IORW, FENCE_IORW);
}

/** Sets when the hart's machine timer interrupt comes, in units of mtime. */
export function setTimer(hart: u64, time: u64): void {
  sd(clint + MTIMECMP + (hart << 3), time, 0);
}
