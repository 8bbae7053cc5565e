import { cstr, lw, sw } from '../../shared/rv.ts';
import { SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { print } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';

/** Where the malicious hypervisor (sw/duvisor/malicious) lets its guest see the host kernel. */
const HOST_WINDOW: usize = 0x4000_0000;

/** A guest in league with a malicious hypervisor: writes to the host kernel's memory, which the PMC must prevent (duvisor 4.2). */
export function main(hart: GuestHart, argument: u64): u64 {
  print(cstr('rogue: reaching for the host'));
  const word = lw(HOST_WINDOW, 0);
  sw(HOST_WINDOW, <u32>word, 0);
  print(cstr('rogue: host memory was reached'));
  return SBI_SRST_SYSTEM_FAILURE;
}

/** An honest hypervisor gives the guest an access fault: nothing is there. */
export function on_trap(hart: GuestHart): u64 {
  endByTrap();
  return 0;
}
