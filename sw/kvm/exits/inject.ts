import * as csr from 'rv/csr';
import { csrr, csrw } from '../../shared/rv.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { CONTINUE, Next } from './next.ts';

/** Lets the guest's supervisor take an exception, as the hart does for a trap into VS mode; its `stval` is the exit's. `priv 18.6.2` */
export function injectException(vcpu: KvmVcpu, exceptionCause: u64): Next {
  csrw(csr.vsepc, vcpu.sepc);
  csrw(csr.vscause, exceptionCause);
  csrw(csr.vstval, vcpu.stval);
  const status = csrr(csr.vsstatus);
  const cleared = status & ~(csr.sstatus_sie | csr.sstatus_spie | csr.sstatus_spp);
  const enable = (status & csr.sstatus_sie) != 0 ? csr.sstatus_spie : 0;
  csrw(csr.vsstatus, cleared | enable | (vcpu.sstatus & csr.sstatus_spp));
  vcpu.sstatus |= csr.sstatus_spp;
  vcpu.sepc = csrr(csr.vstvec) & ~3;
  return CONTINUE;
}
