import * as csr from 'rv/csr';
import { csrr, hulvx_hu } from '../../../shared/rv.ts';

/**
 * The instruction that exited. A non-zero hutinst is the instruction in the H extension's transformed form (priv 18.6.3): its
 * bit 1 says whether the original was a 4-byte one, the expansion of a compressed one is otherwise an ordinary load or store.
 * Harts that report nothing make us read the guest's memory as its fetch does, two bytes at a time because a 4-byte
 * instruction may cross a page.
 */

/** Bits of the instruction, ready for `decodeAccess`. */
export function exitedInstruction(): u32 {
  const transformed = <u32>csrr(csr.hutinst);
  if (transformed != 0) return transformed | 2;
  const pc = csrr(csr.uepc);
  const low = <u32>hulvx_hu(pc);
  if ((low & 3) != 3) return low;
  return low | ((<u32>hulvx_hu(pc + 2)) << 16);
}

/** Whether the instruction that exited, as `exitedInstruction` gave it, is two bytes long. */
export function isExitedCompressed(instruction: u32): bool {
  const transformed = csrr(csr.hutinst);
  return transformed != 0 ? (transformed & 2) == 0 : (instruction & 3) != 3;
}
