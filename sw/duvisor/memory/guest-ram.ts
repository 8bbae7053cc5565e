import { cstr } from '../../shared/rv.ts';
import { grantMemory, physicalOf } from '../vm/driver.ts';
import { GUEST_RAM_BASE } from './limits.ts';

/** Guest-physical address of the first byte of RAM. */
export const RAM_BASE: u64 = GUEST_RAM_BASE;

/** Bytes of RAM. */
export let ramSize: u64 = 0;
/** Where the hypervisor sees the first byte of the guest's RAM. */
let ramHost: usize = 0;
/** Physical address of the first byte of the guest's RAM, one contiguous block. */
let ramPhysical: u64 = 0;

/** Gets the guest's RAM from the driver. */
export function createGuestRam(size: u64): void {
  ramHost = grantMemory(size, cstr('the DV-driver grants no memory for the guest'));
  ramPhysical = physicalOf(ramHost);
  ramSize = size;
}

/** Whether a guest-physical address lies in RAM. */
export function isRam(address: u64): bool {
  return address - RAM_BASE < ramSize;
}

/** Physical address behind a guest-physical address of RAM. */
export function physicalOfRam(address: u64): u64 {
  return ramPhysical + (address - RAM_BASE);
}

/** Where the hypervisor sees `length` bytes of guest RAM; 0 when not all of them are RAM. */
export function hostOfRam(address: u64, length: u64): usize {
  const offset = address - RAM_BASE;
  if (offset > ramSize || length > ramSize - offset) return 0;
  return ramHost + <usize>offset;
}
