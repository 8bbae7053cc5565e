import * as csr from 'rv/csr';
import { csrw, sym_addr } from '../../shared/rv.ts';
import { GuestHart, hartAt } from './hart.ts';
import { HART_STACK_BYTES } from './limits.ts';

const TRAP_STACK_BYTES: u64 = 4096;

/** Prepares the calling hart for traps; the start code calls this before the program's own `main`. */
export function prepare_hart(index: u64): GuestHart {
  const hart = hartAt(index);
  hart.index = index;
  hart.trapSp = sym_addr('hart_stacks') + index * HART_STACK_BYTES + TRAP_STACK_BYTES;
  csrw(csr.sie, 0);
  csrw(csr.sscratch, changetype<usize>(hart));
  csrw(csr.stvec, sym_addr('trap_vector'));
  return hart;
}
