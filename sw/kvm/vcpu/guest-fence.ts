import { hfence_gvma_all, hfence_vvma_all } from '../../shared/rv.ts';
import { doesGuestPost } from '../posting.ts';
import { KvmVcpu } from './vcpu.ts';

/**
 * Drops guest-virtual translations of the vCPU on this hart. While a guest may post, hstatus.HU is set in it and its translations are known by
 * h_vmid (profiles.md), and not by hgatp, which is what HFENCE.VVMA goes by.
 */
export function fenceGuestTranslations(vcpu: KvmVcpu): void {
  if (doesGuestPost(vcpu.vm)) hfence_gvma_all();
  else hfence_vvma_all();
}
