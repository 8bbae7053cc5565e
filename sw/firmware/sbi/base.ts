import * as csr from 'rv/csr';
import { csrr } from '../../shared/rv.ts';
import {
  SBI_BASE_GET_IMPL_ID,
  SBI_BASE_GET_IMPL_VERSION,
  SBI_BASE_GET_MARCHID,
  SBI_BASE_GET_MIMPID,
  SBI_BASE_GET_MVENDORID,
  SBI_BASE_GET_SPEC_VERSION,
  SBI_BASE_PROBE_EXTENSION,
  SBI_ERR_NOT_SUPPORTED,
  SBI_IMPLEMENTATION_ID,
  SBI_IMPLEMENTATION_VERSION,
  SBI_PMC,
  SBI_SPEC_VERSION,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { Hart } from '../hart.ts';
import { virtualEntryLimit } from '../pmc/pmp.ts';
import { isExtension } from './dispatch.ts';

/** Base extension. `sbi 4` */
export function callBase(hart: Hart): i64 {
  const call = hart.a6;
  if (call == SBI_BASE_GET_SPEC_VERSION) hart.value = SBI_SPEC_VERSION;
  else if (call == SBI_BASE_GET_IMPL_ID) hart.value = SBI_IMPLEMENTATION_ID;
  else if (call == SBI_BASE_GET_IMPL_VERSION) hart.value = SBI_IMPLEMENTATION_VERSION;
  else if (call == SBI_BASE_PROBE_EXTENSION) {
    const present = isExtension(hart.a0) && (hart.a0 != SBI_PMC || virtualEntryLimit() != 0);
    hart.value = present ? 1 : 0;
  } else if (call == SBI_BASE_GET_MVENDORID) hart.value = csrr(csr.mvendorid);
  else if (call == SBI_BASE_GET_MARCHID) hart.value = csrr(csr.marchid);
  else if (call == SBI_BASE_GET_MIMPID) hart.value = csrr(csr.mimpid);
  else return SBI_ERR_NOT_SUPPORTED;
  return SBI_SUCCESS;
}
