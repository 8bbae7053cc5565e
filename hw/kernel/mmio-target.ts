import type { AccessBytes } from './bus-port.ts';

/** What a bus maps: an address window whose accesses somebody answers. Offsets are bytes from the window's base. */
export interface MmioTarget {
  readonly name: string;
  /** Bytes of the window. */
  readonly size: number;
  /** Latency class of accesses. */
  readonly latency: string;
  /** Reads little-endian, zero-extended; `undefined` is an access fault. */
  read(offset: number, bytes: AccessBytes): bigint | undefined;
  /** Writes the low `bytes` of `value`; `false` is an access fault. */
  write(offset: number, bytes: AccessBytes, value: bigint): boolean;
}
