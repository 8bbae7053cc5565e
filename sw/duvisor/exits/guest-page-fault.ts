import * as csr from 'rv/csr';
import { csrr, probe } from '../../shared/rv.ts';
import { afterMapping, beginFault, endFault, isMappedAlready } from '../../published/points.ts';
import { backRam } from '../memory/stage2-table.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { emulateMmio } from './mmio/emulate.ts';
import { Outcome, RESUME_SAME } from './outcome.ts';

/** Backs the missing page of RAM, or emulates the device that owns the address (duvisor 7.8). */
export function guestPageFault(vcpu: Vcpu, exitCause: u64): Outcome {
  probe('handler');
  beginFault();
  const outcome = serve(vcpu, exitCause);
  endFault();
  return outcome;
}

function serve(vcpu: Vcpu, exitCause: u64): Outcome {
  const page = csrr(csr.hutval);
  const address = (page << 2) | (csrr(csr.utval) & 3);
  const isBacked = isMappedAlready(address) || backRam(vcpu, address);
  if (!isBacked) return emulateMmio(vcpu, exitCause, address);
  afterMapping(page);
  return RESUME_SAME;
}
