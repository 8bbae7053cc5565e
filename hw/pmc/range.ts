import { PmpBit, PmpMatch } from '../isa/index.ts';

/** Bits of one `pmpcfg` byte as numbers (priv 3.7.1); V is DV-Ext's, in a bit that the base manual reserves (duvisor 4.4). */
export const PmpConfig = {
  read: Number(PmpBit.read),
  write: Number(PmpBit.write),
  execute: Number(PmpBit.execute),
  addressMatching: 0x18,
  v: Number(PmpBit.virtual),
  locked: Number(PmpBit.locked),
} as const;

/** Values of `pmpcfg.A`, shifted down (priv 3.7.1). */
const AddressMatching = {
  off: Number(PmpMatch.off),
  tor: Number(PmpMatch.tor),
  na4: Number(PmpMatch.na4),
  napot: Number(PmpMatch.napot),
} as const;

/** Everything that a `pmpcfg` byte can allow: read, write and execute. */
export const ALL_PERMISSIONS = PmpConfig.read | PmpConfig.write | PmpConfig.execute;

/** An active entry, resolved to a half-open range of physical bytes. */
export interface PmpRange {
  readonly low: number;
  readonly high: number;
  /** Allowed accesses, as the low three bits of `pmpcfg`. */
  readonly permissions: number;
  readonly locked: boolean;
  readonly v: boolean;
}

/** `pmpaddr` holds address bits 55:2. */
const GRAIN_SHIFT = 2n;

function napotRange(address: bigint, granularity: bigint): { low: bigint; high: bigint } {
  // Bits below the granularity read as ones, which makes the smallest range one granule (priv 3.7.1).
  const grains = address | (granularity / 8n > 0n ? granularity / 8n - 1n : 0n);
  const size = (grains ^ (grains + 1n)) + 1n;
  const low = grains & ~(size - 1n);
  return { low: low << GRAIN_SHIFT, high: (low + size) << GRAIN_SHIFT };
}

function bounds(
  matching: number,
  address: bigint,
  below: bigint,
  granularity: bigint,
): { low: bigint; high: bigint } {
  if (matching === AddressMatching.tor) {
    const mask = ~(granularity - 1n);
    return { low: (below << GRAIN_SHIFT) & mask, high: (address << GRAIN_SHIFT) & mask };
  }
  if (matching === AddressMatching.na4 && granularity === 4n) {
    return { low: address << GRAIN_SHIFT, high: (address + 1n) << GRAIN_SHIFT };
  }
  return napotRange(address, granularity);
}

/**
 * Resolves one entry, `undefined` while it is off or empty. `below` is the preceding entry's `pmpaddr`, 0 for entry 0.
 * Bounds from 2^53 up are rounded, which cannot change a comparison with a smaller address.
 */
export function pmpRange(
  config: number,
  address: bigint,
  below: bigint,
  granularity: number,
): PmpRange | undefined {
  const matching = (config & PmpConfig.addressMatching) >> 3;
  if (matching === AddressMatching.off) return undefined;
  const { low, high } = bounds(matching, address, below, BigInt(granularity));
  if (low >= high) return undefined;
  // R=0 with W=1 is reserved; such an entry allows no write.
  const writable = (config & PmpConfig.read) !== 0 ? ALL_PERMISSIONS : PmpConfig.execute;
  return {
    low: Number(low),
    high: Number(high),
    permissions: config & writable,
    locked: (config & PmpConfig.locked) !== 0,
    v: (config & PmpConfig.v) !== 0,
  };
}
