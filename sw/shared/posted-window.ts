/** A VM's window of the posted-interrupt unit, by bytes from its start (hw/dv-ext/posted-map.ts), and where a PLIC has the same. */

/** Pages of priorities, pending bits and enables, in the window as in a PLIC. */
export const SHARED_PAGES: u64 = 3;
/** Where the pages of the vCPUs begin in the window, and those of the contexts in a PLIC; one page each. */
export const WINDOW_CONTEXTS: u64 = 0x2_0000;
export const PLIC_CONTEXTS: u64 = 0x20_0000;

/** hu_vitr: the vector stands above the vCPU. */
const VECTOR_SHIFT: u64 = 16;
/** The vector that arrives as a software interrupt. */
export const IPI: u64 = 0;

/** What hu_vitr is told to post a vector to a vCPU. */
export function postOperand(vcpu: u64, vector: u64): u64 {
  return (vector << VECTOR_SHIFT) | vcpu;
}
