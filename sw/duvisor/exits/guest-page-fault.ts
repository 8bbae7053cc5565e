import * as csr from 'rv/csr';
import { csrr, hufence_gvma, probe } from '../../shared/rv.ts';
import { backRam } from '../memory/stage2-table.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { emulateMmio } from './mmio/emulate.ts';
import { Outcome, RESUME_SAME } from './outcome.ts';

/** Backs the missing page of RAM, or emulates the device that owns the address (duvisor 7.8). */
export function guestPageFault(vcpu: Vcpu, exitCause: u64): Outcome {
  probe('handler');
  const page = csrr(csr.hutval);
  const address = (page << 2) | (csrr(csr.utval) & 3);
  if (!backRam(vcpu, address)) return emulateMmio(vcpu, exitCause, address);
  // a hart may have cached that the page was missing (priv 18.5.3)
  hufence_gvma(page);
  return RESUME_SAME;
}
