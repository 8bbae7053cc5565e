import * as csr from 'rv/csr';
import { csrr, csrs, csrw } from '../../shared/rv.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { INJECT, Outcome } from './outcome.ts';

/** Hands an exception to the guest; its `stval` is the exit's (the address, or the instruction). */
export function injectException(vcpu: Vcpu, exceptionCause: u64): Outcome {
  vcpu.injectedCause = exceptionCause;
  vcpu.injectedValue = csrr(csr.utval);
  return INJECT;
}

/** Enters the guest's trap vector as the hart does for a trap into VS mode (priv 18.6.2). */
export function deliverInjected(vcpu: Vcpu): void {
  csrw(csr.huvsepc, csrr(csr.uepc));
  csrw(csr.huvscause, vcpu.injectedCause);
  csrw(csr.huvstval, vcpu.injectedValue);
  const status = csrr(csr.huvsstatus);
  const cleared = status & ~(csr.sstatus_sie | csr.sstatus_spie | csr.sstatus_spp);
  const enable = (status & csr.sstatus_sie) != 0 ? csr.sstatus_spie : 0;
  const privilege = (csrr(csr.hustatus) & csr.hstatus_spvp) != 0 ? csr.sstatus_spp : 0;
  csrw(csr.huvsstatus, cleared | enable | privilege);
  csrs(csr.hustatus, csr.hstatus_spvp);
  csrw(csr.uepc, csrr(csr.huvstvec) & ~3);
}
