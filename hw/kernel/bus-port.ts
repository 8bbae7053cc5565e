/** Sizes in bytes of the accesses a bus carries. */
export type AccessBytes = 1 | 2 | 4 | 8;

/**
 * A stretch of plain memory that its reader may touch directly, at `offset + (address - base)` of the machine's memory.
 * A window never covers a byte that a device owns, so an access wholly inside it has no effect but the memory's;
 * an access that is not wholly inside goes through the bus. Windows are fixed once the machine is elaborated, and may
 * begin and end anywhere at a multiple of 8 bytes (not only at page boundaries).
 */
export interface RamWindow {
  /** First physical address. */
  readonly base: number;
  /** Length in bytes. */
  readonly size: number;
  /** Where `base` sits in the machine's memory, in bytes. */
  readonly offset: number;
  /** False for ROM: loads and fetches may go directly, stores are refused by the bus. */
  readonly isWritable: boolean;
  /** Latency class, `ram` or `rom`. */
  readonly latency: string;
}

/** What an initiator (a hart, a page walker, a device with DMA) sees of the bus. Addresses are physical. */
export interface BusPort {
  /** Reads little-endian, zero-extended; `undefined` is an access fault. */
  read(address: number, bytes: AccessBytes): bigint | undefined;
  /** Writes the low `bytes` of `value`; `false` is an access fault. */
  write(address: number, bytes: AccessBytes, value: bigint): boolean;
  /** The window of plain memory that holds `address`, or `undefined` where a device or nothing answers. */
  ram(address: number): RamWindow | undefined;
  /** Latency class of the region at `address` (`ram`, `rom`, or a device's), `undefined` where nothing answers. */
  latencyOf(address: number): string | undefined;
}
