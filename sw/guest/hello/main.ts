import { cstr } from '../../shared/rv.ts';
import { SBI_SRST_NO_REASON } from '../../shared/sbi.ts';
import { print } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';

/** The smallest guest: says hello and ends. */
export function main(hart: GuestHart, argument: u64): u64 {
  print(cstr('Hello from the guest'));
  return SBI_SRST_NO_REASON;
}

/** Nothing here should trap. */
export function on_trap(hart: GuestHart): u64 {
  endByTrap();
  return 0;
}
