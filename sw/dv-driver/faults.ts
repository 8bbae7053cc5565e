import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import { csrr, cstr } from '../shared/rv.ts';
import { SIGBUS } from '../shared/syscalls.ts';
import { Hart } from '../host/hart.ts';
import { killProcess } from '../host/process/ending.ts';
import { Thread } from '../host/process/thread.ts';
import { hasHypervisor } from './features.ts';

/** Whether the trap that the kernel handles came from a guest (V=1). */
export function isGuestTrap(): bool {
  return hasHypervisor && (csrr(csr.hstatus) & csr.hstatus_spv) != 0;
}

function reasonOf(number: u64): usize {
  switch (<u32>number) {
    case <u32>cause.instructionAccessFault:
    case <u32>cause.loadAccessFault:
    case <u32>cause.storeAccessFault:
      return cstr('let its guest reach memory that is not granted');
    case <u32>cause.postingFault:
      return cstr('posted to a vCPU that it does not have');
    default:
      return cstr('left a trap of its guest to the kernel');
  }
}

/** Whether an exception is one that only the driver can judge, whoever raised it. */
export function isDriverFault(number: u64): bool {
  return number == cause.postingFault;
}

/**
 * A trap of a guest that was not delegated to its hypervisor: a PMC fault, a posting fault, or one that the process did not ask
 * for. The process ends, and with its last thread its grants are revoked; neither the kernel nor other VMs are touched. `duvisor 6.7`
 */
export function onGuestTrap(hart: Hart, thread: Thread, number: u64): void {
  killProcess(hart, thread, SIGBUS, reasonOf(number), number, csrr(csr.stval));
}
