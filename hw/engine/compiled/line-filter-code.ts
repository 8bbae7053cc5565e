import type { AccessBytes } from '../../isa/index.ts';
import type { Code } from '../../wasm/index.ts';
import { runOffsets } from './run-state.ts';

/** One table of a filter: how much of the address space an entry covers, and how many entries there are. */
export interface FilterShape {
  /** Logarithm of the bytes that an entry covers. */
  readonly shift: number;
  /** Number of entries, a power of two. */
  readonly entries: number;
}

/** Bytes of an entry: the first virtual address (u64), what to add to get to the machine's memory (u32), and a word that only some have. */
export const FILTER_ENTRY_BYTES = 16;
const ENTRY_SHIFT = 4;
/** Where an entry holds what to add. */
export const FILTER_ADDEND = 8;
/** Where an entry for fetches holds the address of the lines of its page that are in the cache, if caches are modelled. */
export const FILTER_FETCHED = 12;

/**
 * Pages for reads and fetches; lines for writes, since a line with code or a reservation in it must not be written directly, and for reads
 * where caches are modelled.
 */
export const filterShapes = {
  read: { shift: 12, entries: 512 },
  cachedRead: { shift: 6, entries: 2048 },
  write: { shift: 6, entries: 2048 },
  fetch: { shift: 12, entries: 512 },
} as const satisfies Record<string, FilterShape>;

/**
 * Type of `fill`: (hart, address low, address high, bytes, is write, cycles to spare, cycles left, place of the instruction in its page) to 0 or 1
 * and the cycles that the access waits. The last two count where caches are modelled.
 */
export const fillType = {
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  results: ['i32'],
} as const;

/** What an access does where caches are modelled. */
export interface CachedSite {
  /** Puts the cycles (i32) on the stack that are left in the cycle of the access. */
  readonly pushLeft: () => void;
  /** Puts the place of the instruction in its page (i32) on the stack. */
  readonly pushPlace: () => void;
  /** Whether the instruction before may have been the first store to a line, which keeps the access behind it waiting. */
  readonly mayFollowStore: boolean;
}

/** Where an access is made: the function under construction and its locals. */
export interface AccessSite extends FilteredSite {
  /** Number of the imported function of type `fillType` that fills an entry: see `CompiledClient.fill`. */
  readonly fill: number;
  /** Puts the cycles (i32) on the stack that a walk may take without the site being left. */
  readonly pushSpare: () => void;
  /** i32: cycles left, from which the walk for an entry is taken. */
  readonly left: number;
  readonly cached: CachedSite | undefined;
}

/** The same where an access that the filter does not cover is left to somebody else. */
export interface FilteredSite {
  readonly code: Code;
  /** i32: address of the hart's memory. */
  readonly hart: number;
  /** i32: addresses of the tables. */
  readonly readTable: number;
  readonly writeTable: number;
  /** i64 and i32, for the address and its entry. */
  readonly address: number;
  readonly slot: number;
  /** Appends code that leaves when the access cannot be made directly. */
  readonly leave: () => void;
}

/** Takes the virtual address (i64) from the stack and leaves the address in the machine's memory (i32), or goes slow. */
export function emitAccess(site: AccessSite, bytes: AccessBytes, kind: 'read' | 'write'): void {
  const { code, hart, address, left, fill, cached } = site;
  const filled = code.scratch('access.filled', 'i32');
  emitLookup(site, bytes, cached !== undefined && kind === 'read' ? 'cachedRead' : kind);
  if (cached?.mayFollowStore === true) {
    cached.pushLeft();
    code.get(hart);
    code.load('i32.load', runOffsets.soiled);
    code.op('i32.eq');
    code.op('i32.or');
  }
  code.unlikely();
  code.if();
  code.get(hart);
  code.get(address);
  code.op('i32.wrap_i64');
  code.get(address);
  code.i64(32n);
  code.op('i64.shr_u');
  code.op('i32.wrap_i64');
  code.i32(bytes);
  code.i32(kind === 'write' ? 1 : 0);
  site.pushSpare();
  if (cached === undefined) {
    code.i32(0);
    code.i32(0);
  } else {
    cached.pushLeft();
    cached.pushPlace();
  }
  code.call(fill);
  code.tee(filled);
  code.op('i32.eqz');
  code.unlikely();
  code.if();
  site.leave();
  code.end();
  code.get(left);
  code.i32(1);
  code.op('i32.add');
  code.get(filled);
  code.op('i32.sub');
  code.set(left);
  code.end();
  pushPlace(site);
}

/** The same where the filter is not filled. */
export function emitFilteredAccess(
  site: FilteredSite,
  bytes: AccessBytes,
  kind: 'read' | 'write',
): void {
  const { code } = site;
  emitLookup(site, bytes, kind);
  code.unlikely();
  code.if();
  site.leave();
  code.end();
  pushPlace(site);
}

/** Takes the address from the stack, and puts there whether the filter does not cover the access. */
function emitLookup(
  site: FilteredSite,
  bytes: AccessBytes,
  kind: 'read' | 'cachedRead' | 'write',
): void {
  const { code, address, slot } = site;
  const { shift, entries } = filterShapes[kind];
  code.tee(address);
  code.op('i32.wrap_i64');
  code.i32(shift - ENTRY_SHIFT);
  code.op('i32.shr_u');
  code.i32((entries - 1) * FILTER_ENTRY_BYTES);
  code.op('i32.and');
  code.get(kind === 'write' ? site.writeTable : site.readTable);
  code.op('i32.add');
  code.tee(slot);
  code.load('i64.load');
  code.get(address);
  // A misaligned address never equals the start of an entry.
  code.i64(BigInt(-(2 ** shift) | (bytes - 1)));
  code.op('i64.and');
  code.op('i64.ne');
}

/** Puts where the access is made on the stack. */
function pushPlace({ code, address, slot }: FilteredSite): void {
  code.get(address);
  code.op('i32.wrap_i64');
  code.get(slot);
  code.load('i32.load', FILTER_ADDEND);
  code.op('i32.add');
}
