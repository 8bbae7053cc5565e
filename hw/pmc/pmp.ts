import type { PmcOptions } from './options.ts';
import { ALL_PERMISSIONS, type PmpRange, pmpRange } from './range.ts';

/** Who makes an access, as far as memory protection cares. */
export interface Accessor {
  /** Effective privilege is M. */
  readonly machine: boolean;
  /** The access is made with V=1, or as if (HLV, HSV, MPRV with MPV). */
  readonly virtual: boolean;
}

/** Pages that are protected alike, by their numbers. */
export interface PageStretch {
  readonly firstPage: number;
  /** The page behind the last. */
  readonly endPage: number;
  /** A set of the three permission bits of `pmpcfg`. */
  readonly permissions: number;
}

const NO_PERMISSION = 0;
const PAGE_BYTES = 4096;

const ACCESSOR_COUNT = 4;

function numberOf({ machine, virtual }: Accessor): number {
  return (machine ? 1 : 0) + (virtual ? 2 : 0);
}

/**
 * Physical memory protection of one hart, with the V ranges of physical memory checking (priv 3.7, duvisor 4.4).
 * Combinational: an answer depends on the programmed entries and the access alone. Who caches an answer must drop it
 * when `generation` changes.
 */
export class Pmp {
  readonly options: PmcOptions;
  #generation = 0;
  #ranges: readonly PmpRange[] = [];
  #guestRanges: readonly PmpRange[] = [];
  /**
   * For each kind of accessor, the stretch of memory in which it last asked: no range begins or ends there, so that one answer
   * holds for all of it. Pages next to one another mostly share one.
   */
  readonly #lows = new Float64Array(ACCESSOR_COUNT);
  readonly #highs = new Float64Array(ACCESSOR_COUNT);
  readonly #answers = new Uint8Array(ACCESSOR_COUNT);

  constructor(options: PmcOptions) {
    this.options = options;
  }

  /** Changes each time the entries are programmed. */
  get generation(): number {
    return this.#generation;
  }

  /** Takes new entries: `pmpcfg` bytes and `pmpaddr` values, by index; missing ones are off. */
  program(configs: ArrayLike<number>, addresses: ArrayLike<bigint>): void {
    const { entries, granularity, kind, hostAccess } = this.options;
    const active: PmpRange[] = [];
    for (let index = 0; index < entries; index++) {
      const below = index === 0 ? 0n : (addresses[index - 1] ?? 0n);
      const range = pmpRange(configs[index] ?? 0, addresses[index] ?? 0n, below, granularity);
      if (range !== undefined) active.push(range);
    }
    const separate = kind === 'ranges' && hostAccess === 'ignore';
    this.#ranges = separate ? active.filter(({ v }) => !v) : active;
    this.#guestRanges = separate ? active.filter(({ v }) => v) : [];
    this.#highs.fill(0);
    this.#generation += 1;
  }

  /** What `accessor` may do with all of `bytes` bytes at `address`: a set of the three permission bits of `pmpcfg`. */
  permissions(address: number, bytes: number, accessor: Accessor): number {
    const { kind, guestAccess, hostAccess, entries } = this.options;
    const range = matching(this.#ranges, address, bytes);
    if (range === 'partial') return NO_PERMISSION;
    const plain = entries === 0 ? ALL_PERMISSIONS : plainPermissions(range, accessor.machine);
    if (kind === 'none' || guestAccess === 'unchecked' || !accessor.virtual) return plain;
    if (hostAccess === 'match') return range?.v === true ? plain : NO_PERMISSION;
    const guestRange = matching(this.#guestRanges, address, bytes);
    if (guestRange === undefined || guestRange === 'partial') return NO_PERMISSION;
    return plain & guestRange.permissions;
  }

  /**
   * What `accessor` may do anywhere in the 4 KiB page of a number, or `undefined` where the answer differs inside the
   * page, so that each access has to ask for itself.
   */
  pagePermissions(page: number, accessor: Accessor): number | undefined {
    const number = numberOf(accessor);
    const low = page * PAGE_BYTES;
    if (low < (this.#lows[number] ?? 0) || low >= (this.#highs[number] ?? 0)) {
      this.#lookAround(number, low, accessor);
    }
    return low + PAGE_BYTES <= (this.#highs[number] ?? 0) ? this.#answers[number] : undefined;
  }

  /** The whole pages around one, itself included, of which `pagePermissions` says the same; none where it says nothing. */
  stretchAround(page: number, accessor: Accessor): PageStretch {
    const permissions = this.pagePermissions(page, accessor);
    if (permissions === undefined) return { firstPage: page, endPage: page, permissions: 0 };
    const number = numberOf(accessor);
    const firstPage = Math.ceil((this.#lows[number] ?? 0) / PAGE_BYTES);
    const endPage = Math.floor((this.#highs[number] ?? 0) / PAGE_BYTES);
    return { firstPage, endPage, permissions };
  }

  /** Finds the stretch around an address. */
  #lookAround(number: number, address: number, accessor: Accessor): void {
    let [low, high] = [0, Infinity];
    for (const range of [...this.#ranges, ...this.#guestRanges]) {
      for (const bound of [range.low, range.high]) {
        if (bound <= address) low = Math.max(low, bound);
        else high = Math.min(high, bound);
      }
    }
    this.#lows[number] = low;
    this.#highs[number] = high;
    this.#answers[number] = this.permissions(address, 1, accessor);
  }
}

/** The entry of lowest index that covers any byte of the access; `partial` when it does not cover all (priv 3.7.1). */
function matching(
  ranges: readonly PmpRange[],
  address: number,
  bytes: number,
): PmpRange | 'partial' | undefined {
  const end = address + bytes;
  for (const range of ranges) {
    if (address < range.high && end > range.low) {
      return address >= range.low && end <= range.high ? range : 'partial';
    }
  }
  return undefined;
}

function plainPermissions(range: PmpRange | undefined, machine: boolean): number {
  if (range === undefined) return machine ? ALL_PERMISSIONS : NO_PERMISSION;
  return machine && !range.locked ? ALL_PERMISSIONS : range.permissions;
}
