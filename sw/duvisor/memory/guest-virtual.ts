import * as csr from 'rv/csr';
import { csrr } from '../../shared/rv.ts';
import { hostOfRam } from '../../vmm/guest-ram.ts';

/** The table formats of satp by mode: Sv39 is 8 and has 3 levels, each next one a level more (priv 12.1.11). */
const SV39: u64 = 8;
const SV57: u64 = 10;
const SV39_LEVELS: u64 = 3;
const VALID: u64 = 1;
const LEAF_MASK: u64 = 0xe;

/**
 * Where the hypervisor sees the doubleword at a virtual address of the guest's supervisor, by the guest's own tables; 0 when it
 * is misaligned or nothing maps it. A load with HULV instead would let a wrong pointer of the guest end the process.
 */
export function hostOfGuestVirtual(address: u64): usize {
  if (address & 7) return 0;
  const satp = csrr(csr.huvsatp);
  const mode = (satp & csr.vsatp_mode) >> csr.vsatp_mode_shift;
  if (mode == 0) return hostOfRam(address, 8);
  if (mode < SV39 || mode > SV57) return 0;
  let table = (satp & csr.vsatp_ppn) << 12;
  for (let level = mode - SV39 + SV39_LEVELS; level-- > 0;) {
    const shift = 12 + 9 * level;
    const place = hostOfRam(table + (((address >> shift) & 0x1ff) << 3), 8);
    if (place == 0) return 0;
    const entry = load<u64>(place);
    if ((entry & VALID) == 0) return 0;
    const physical = ((entry << 10) >> 20) << 12;
    if (entry & LEAF_MASK) {
      const inside = ((<u64>1) << shift) - 1;
      return hostOfRam((physical & ~inside) | (address & inside), 8);
    }
    table = physical;
  }
  return 0;
}
