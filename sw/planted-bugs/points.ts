/**
 * The code points at which images for the experiment of table 6 have a bug, the same in the in-kernel hypervisor and in DuVisor. This is the
 * module of every product image: nothing happens. Images in this folder have `bugs.ts` in its place.
 */

/** A call of the guest to its hypervisor is handled. */
export function inHypercall(_vcpu: usize): void {}

/** An exit has arrived at its handler; the vCPU begins with the guest's registers. */
export function inExitHandler(_vcpu: usize): void {}

/** A page is about to be mapped at a guest-physical address; gives the page that is. */
export function inStage2Mapping(_vcpu: usize, _guest: u64, page: u64): u64 {
  return page;
}

/** An interrupt of the guest's hart is about to be raised. */
export function inInterrupt(_vcpu: usize): void {}

/** An instruction that accesses a device is decoded. */
export function inDecode(_vcpu: usize): void {}

/** A device is asked to act. */
export function inDeviceCall(_vcpu: usize): void {}
