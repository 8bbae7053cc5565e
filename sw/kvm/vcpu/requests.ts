import { amoswap_d, fence_i } from '../../shared/rv.ts';
import { fenceGuestTranslations } from './guest-fence.ts';
import { addRequests, kickVcpu, modeOf, requestsOf } from './kick.ts';
import { resetVcpu } from './reset.ts';
import { IN_GUEST, KvmVcpu } from './vcpu.ts';

/** What another vCPU, or the VM, asks of a vCPU before it enters the guest again. */

/** Begin where hart_start said. */
export const REQUEST_RESET: u64 = 1 << 0;
/** Make earlier stores visible to fetches. */
export const REQUEST_FENCE_I: u64 = 1 << 1;
/** Drop guest-virtual translations. */
export const REQUEST_FENCE_VMA: u64 = 1 << 2;

/** Asks something of a vCPU. */
export function request(vcpu: KvmVcpu, bits: u64): void {
  addRequests(vcpu, bits);
  kickVcpu(vcpu);
}

/** Waits until a vCPU is certain to act on `bits` before another instruction of the guest. */
export function awaitRequest(vcpu: KvmVcpu, bits: u64): void {
  while (modeOf(vcpu) == IN_GUEST && (requestsOf(vcpu) & bits) != 0) {}
}

/** Does what was asked; the vCPU's registers are on this hart. */
export function checkRequests(vcpu: KvmVcpu): void {
  if (requestsOf(vcpu) == 0) return;
  const requests = amoswap_d(changetype<usize>(vcpu) + offsetof<KvmVcpu>('requests'), 0);
  if (requests & REQUEST_RESET) resetVcpu(vcpu);
  if (requests & REQUEST_FENCE_I) fence_i();
  if (requests & REQUEST_FENCE_VMA) fenceGuestTranslations(vcpu);
}
