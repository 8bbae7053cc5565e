import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { isMapped } from '../duvisor/memory/stage2-table.ts';
import { amoswap_w, csrc, csrs, hufence_gvma_all } from '../shared/rv.ts';
import { release } from '../shared/spin-lock.ts';
import { isRam } from '../vmm/guest-ram.ts';
import { yieldHart } from '../vmm/host.ts';

/** What the published DuVisor does at these places, as far as its sources are described: those of the artifact, with which it was measured. */

/** One lock for all guest page faults and all emulated devices of the VM (duvisor 7.8). */
const faultLock: usize = memory.data(4, 4);

/** Moves what is pending into huvip: at the artifact's state, the timer (duvisor 7.6). */
export function beforeEntry(isTimerRaised: bool): void {
  if (isTimerRaised) csrs(csr.huvip, 1 << interrupt.vstip);
  else csrc(csr.huvip, 1 << interrupt.vstip);
}

/** Takes the lock; its owner may be a thread of this hart, which spinning would keep from running. */
export function beginFault(): void {
  while (amoswap_w(faultLock, 1) != 0) yieldHart();
}

/** Gives it back. */
export function endFault(): void {
  release(faultLock);
}

/** Asks the tables about an address of RAM before it maps: another vCPU may have been faster. */
export function isMappedAlready(address: u64): bool {
  return isRam(address) && isMapped(address);
}

/** Forgets every translation of the guest (duvisor 7.8). */
export function afterMapping(_page: u64): void {
  hufence_gvma_all();
}
