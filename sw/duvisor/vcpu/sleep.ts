import * as csr from 'rv/csr';
import { csrr } from '../../shared/rv.ts';
import { Timespec } from '../../shared/syscalls.ts';
import { waitWhile, waitWhileUntil } from '../../vmm/host.ts';
import { NANOSECONDS, nanosecondsOf } from '../../vmm/time.ts';
import { MAXIMUM_VCPUS } from '../../vmm/limits.ts';
import { isRequested, requestsWord, setWhereabouts } from './requests.ts';
import { ASLEEP, IN_HYPERVISOR, Vcpu } from './vcpu.ts';

const timeouts: usize = memory.data(offsetof<Timespec>() * MAXIMUM_VCPUS, 8);

/** Whether a guest interrupt is pending and enabled, which ends WFI whatever sstatus.SIE says (priv 3.3.3). */
function isInterruptPending(): bool {
  return (csrr(csr.huvsip) & csrr(csr.huvsie)) != 0;
}

/**
 * Blocks the thread of this vCPU until a request, the guest's timer or an interrupt, so that an idle guest costs no cycles. It
 * may return early; WFI permits that (priv 3.3.3).
 */
export function sleepUntilInterrupt(vcpu: Vcpu): void {
  if (isInterruptPending()) return;
  setWhereabouts(vcpu, ASLEEP);
  if (!isRequested(vcpu)) {
    if (csrr(csr.vtimectl) & 1) {
      // not `time` itself: whether it can be read here is the guest's to say (scounteren)
      waitUntil(vcpu, csrr(csr.vtimecmp));
    } else {
      waitWhile(requestsWord(vcpu), 0, null);
    }
  }
  setWhereabouts(vcpu, IN_HYPERVISOR);
}

/** Blocks the thread of this vCPU until it is asked for something. */
export function sleepUntilRequest(vcpu: Vcpu): void {
  setWhereabouts(vcpu, ASLEEP);
  while (!isRequested(vcpu)) waitWhile(requestsWord(vcpu), 0, null);
  setWhereabouts(vcpu, IN_HYPERVISOR);
}

/** Sleeps until a time of the guest's clock, which lags behind the machine's; one beyond the end of time never comes. */
function waitUntil(vcpu: Vcpu, guestTime: u64): void {
  const time = guestTime - csrr(csr.hutimedelta);
  if (time < guestTime) waitWhile(requestsWord(vcpu), 0, null);
  else waitWhileUntil(requestsWord(vcpu), 0, timespecOf(vcpu, time));
}

function timespecOf(vcpu: Vcpu, ticks: u64): Timespec {
  const timeout = changetype<Timespec>(timeouts + <usize>(vcpu.index * offsetof<Timespec>()));
  const nanoseconds = nanosecondsOf(ticks);
  timeout.seconds = <i64>(nanoseconds / NANOSECONDS);
  timeout.nanoseconds = <i64>(nanoseconds % NANOSECONDS);
  return timeout;
}
