import { currentHart, HART_CAPACITY } from '../host/hart.ts';

/** What of a VM a hart still holds when none of its vCPUs runs there: reloading the same one is cheaper. */
@unmanaged
export class Resident {
  /** VM whose PMC ranges and id are in force, 0 = none. */
  vm: u64;
  /** vCPU whose guest-virtual translations may be cached: address of its state. */
  vcpu: usize;
}

const table: usize = memory.data(512, 8);

/** The record of this hart. */
export function residentAt(): Resident {
  return changetype<Resident>(table + currentHart().id * offsetof<Resident>());
}

/** Forgets a VM that ends, on all harts, so that a later VM with its id starts from nothing. */
export function forgetVm(id: u64): void {
  for (let i: u64 = 0; i < HART_CAPACITY; i++) {
    const resident = changetype<Resident>(table + i * offsetof<Resident>());
    if (resident.vm != id) continue;
    resident.vm = 0;
    resident.vcpu = 0;
  }
}
