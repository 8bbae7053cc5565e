import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { DV_KICK_VCPU } from '../../dv-driver/abi.ts';
import {
  FENCE_RW,
  amoor_d,
  amoswap_d,
  csrs,
  fence,
  fence_i,
  hufence_vvma_all,
  ld,
  sd,
} from '../../shared/rv.ts';
import { control, wakeAll, yieldHart } from '../../vmm/host.ts';
import { driver } from '../vm/driver.ts';
import {
  ASLEEP,
  IN_GUEST,
  IN_HYPERVISOR,
  REQUEST_FENCE_I,
  REQUEST_FENCE_VMA,
  REQUEST_SOFTWARE_INTERRUPT,
  REQUEST_STOP,
  Vcpu,
} from './vcpu.ts';

/**
 * How one thread makes the vCPU of another one act. The asker sets a bit and then looks where the target is; the target says
 * that it enters the guest and then looks at its bits. One of the two always sees the other, so no request is left behind
 * while the guest runs on.
 */

function requestsOf(vcpu: Vcpu): usize {
  return changetype<usize>(vcpu) + offsetof<Vcpu>('requests');
}

function whereaboutsOf(vcpu: Vcpu): usize {
  return changetype<usize>(vcpu) + offsetof<Vcpu>('whereabouts');
}

/** Records where the thread of this vCPU is. */
export function setWhereabouts(vcpu: Vcpu, place: u64): void {
  sd(whereaboutsOf(vcpu), place, 0);
}

/** Asks a vCPU, which may be the caller's own, to act before it runs another instruction of the guest. */
export function request(target: Vcpu, bits: u64): void {
  amoor_d(requestsOf(target), bits);
  const place = ld(whereaboutsOf(target), 0);
  if (place == IN_GUEST) control(driver, DV_KICK_VCPU, target.index);
  else if (place == ASLEEP) wakeAll(requestsOf(target));
}

/** Waits until a vCPU is certain to act on `bits` before it runs another instruction of the guest. */
export function awaitRequest(target: Vcpu, bits: u64): void {
  while (ld(whereaboutsOf(target), 0) == IN_GUEST && (ld(requestsOf(target), 0) & bits) != 0)
    yieldHart();
}

/** The futex word of a vCPU's requests. */
export function requestsWord(vcpu: Vcpu): usize {
  return requestsOf(vcpu);
}

/** Whether anything was asked of this vCPU. */
export function isRequested(vcpu: Vcpu): bool {
  return ld(requestsOf(vcpu), 0) != 0;
}

/** Takes all requests of a vCPU, the caller's own. */
export function takeRequests(vcpu: Vcpu): u64 {
  return amoswap_d(requestsOf(vcpu), 0);
}

/** Announces the entry into the guest, after carrying out what was asked; false when this vCPU was asked to stop. */
export function prepareEntry(vcpu: Vcpu): bool {
  while (true) {
    setWhereabouts(vcpu, IN_GUEST);
    fence(FENCE_RW, FENCE_RW);
    if (!isRequested(vcpu)) return true;
    setWhereabouts(vcpu, IN_HYPERVISOR);
    if (!carryOut(takeRequests(vcpu))) return false;
  }
}

function carryOut(requests: u64): bool {
  if (requests & REQUEST_STOP) return false;
  if (requests & REQUEST_SOFTWARE_INTERRUPT) csrs(csr.huvip, 1 << interrupt.vssip);
  if (requests & REQUEST_FENCE_I) fence_i();
  if (requests & REQUEST_FENCE_VMA) hufence_vvma_all();
  return true;
}
