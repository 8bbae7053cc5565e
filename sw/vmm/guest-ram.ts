import { GUEST_RAM_BASE } from './limits.ts';

/** Guest-physical address of the first byte of RAM. */
export const RAM_BASE: u64 = GUEST_RAM_BASE;

/** Bytes of RAM. */
export let ramSize: u64 = 0;
/** Where the hypervisor sees the first byte of the guest's RAM. */
let ramHost: usize = 0;

/** Makes memory of the hypervisor the guest's RAM. */
export function useAsRam(host: usize, size: u64): void {
  ramHost = host;
  ramSize = size;
}

/** Whether a guest-physical address lies in RAM. */
export function isRam(address: u64): bool {
  return address - RAM_BASE < ramSize;
}

/** Where the hypervisor sees `length` bytes of guest RAM; 0 when not all of them are RAM. */
export function hostOfRam(address: u64, length: u64): usize {
  const offset = address - RAM_BASE;
  if (offset > ramSize || length > ramSize - offset) return 0;
  return ramHost + <usize>offset;
}
