import { cstr } from '../../shared/rv.ts';
import { RAM_BASE, useAsRam } from '../../vmm/guest-ram.ts';
import { grantMemory, physicalOf } from '../vm/driver.ts';

/** Physical address of the first byte of the guest's RAM, one contiguous block. */
let ramPhysical: u64 = 0;

/** Gets the guest's RAM from the driver. */
export function createGuestRam(size: u64): void {
  const host = grantMemory(size, cstr('the DV-driver grants no memory for the guest'));
  ramPhysical = physicalOf(host);
  useAsRam(host, size);
}

/** Physical address behind a guest-physical address of RAM. */
export function physicalOfRam(address: u64): u64 {
  return ramPhysical + (address - RAM_BASE);
}
