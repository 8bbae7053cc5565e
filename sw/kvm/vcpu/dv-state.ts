import * as csr from 'rv/csr';
import { csrr, csrw } from '../../shared/rv.ts';
import { KvmVcpu } from './vcpu.ts';

/**
 * What DV-Ext adds to a hart's registers, without the views of registers that are switched anyway. No guest of this hypervisor uses them: this is
 * what a kernel pays that keeps them for each side, as the prototype's did at each of its traps. `dv-ext 6.5`
 */

/** Puts the guest's on the hart. */
export function restoreDvState(vcpu: KvmVcpu): void {
  csrw(csr.hustatus, vcpu.hustatus);
  csrw(csr.hutval, vcpu.hutval);
  csrw(csr.utvec, vcpu.utvec);
  csrw(csr.uscratch, vcpu.uscratch);
  csrw(csr.uepc, vcpu.uepc);
  csrw(csr.ucause, vcpu.ucause);
  csrw(csr.utval, vcpu.utval);
  csrw(csr.vtimecmp, vcpu.vtimecmp);
  csrw(csr.vtimectl, vcpu.vtimectl);
  csrw(csr.sedeleg, vcpu.sedeleg);
  csrw(csr.sideleg, vcpu.sideleg);
}

/** Saves them. */
export function saveDvState(vcpu: KvmVcpu): void {
  vcpu.hustatus = csrr(csr.hustatus);
  vcpu.hutval = csrr(csr.hutval);
  vcpu.utvec = csrr(csr.utvec);
  vcpu.uscratch = csrr(csr.uscratch);
  vcpu.uepc = csrr(csr.uepc);
  vcpu.ucause = csrr(csr.ucause);
  vcpu.utval = csrr(csr.utval);
  vcpu.vtimecmp = csrr(csr.vtimecmp);
  vcpu.vtimectl = csrr(csr.vtimectl);
  vcpu.sedeleg = csrr(csr.sedeleg);
  vcpu.sideleg = csrr(csr.sideleg);
}
