import { hartMask } from '../platform.ts';

/** Mask of harts from an SBI pair (mask, base): base -1 means all harts; 0 when a hart does not exist. `sbi 3.2` */
export function selectHarts(mask: u64, base: u64): u64 {
  if (base == ~(<u64>0)) return hartMask;
  if (base >= 64 || (mask << base) >> base != mask) return 0;
  const harts = mask << base;
  return (harts & ~hartMask) == 0 ? harts : 0;
}
