import * as csr from 'rv/csr';
import { csrr, csrs, csrw, hfence_gvma_all, sfence_vma_all, sym_addr } from '../../shared/rv.ts';
import { mapDevices, mapProgram, rootRegister, USER_LEAF } from './address-space.ts';
import { PROGRAM_BASE, TABLE_BYTES, USER_ALIAS } from './limits.ts';

/** The root of stage 2 has four pages, and lies at a multiple of its size (priv 18.5.1). */
const ROOT_BYTES: usize = 0x4000;

/**
 * Readies a hart in HS mode for a guest that sees the program's memory at its own addresses through both stages, in pages of
 * 4 KiB, and shows that memory to user mode too, from USER_ALIAS on. Done once.
 */
export function createGuestSpace(): void {
  if (csrr(csr.hgatp) != 0) return;
  const root = (sym_addr('guest_tables') + ROOT_BYTES - 1) & ~(ROOT_BYTES - 1);
  const tables = root + ROOT_BYTES;
  mapDevices(root, USER_LEAF);
  mapProgram(root, tables, PROGRAM_BASE, USER_LEAF);
  mapProgram(sym_addr('page_tables'), tables + TABLE_BYTES, USER_ALIAS, USER_LEAF);
  csrw(csr.vsatp, csrr(csr.satp));
  csrw(csr.hgatp, rootRegister(root));
  csrs(csr.hcounteren, 7);
  sfence_vma_all();
  hfence_gvma_all();
}
