/** Where the translation unit of a hart keeps what generated code works with too. Offsets in bytes. */

/** Sets of the TLB and entries of each. */
export const TLB_SETS = 256;
export const TLB_WAY_SHIFT = 2;
export const TLB_ENTRIES = TLB_SETS * 2 ** TLB_WAY_SHIFT;

/** What an entry is found by: the number of its page, negative while it holds nothing, and its label (f64 each). */
export const tlbKey = { bytes: 16, page: 0, tag: 8 } as const;

/** What an entry holds: two numbers (f64) and words (i32). Together they are a line of most hosts' caches. */
export const tlbEntry = {
  bytes: 64,
  /** Physical page number, and guest physical page number, of the 4 KiB page. */
  physicalPage: 0,
  guestPage: 8,
  /** Where it sits in the machine's memory; -1 where it is not wholly RAM. */
  memoryOffset: 20,
  /** Needs that a hit may use directly, for a permission code and a generation of the protection. */
  allowed: 24,
  permissionCode: 28,
  protection: 32,
  asid: 36,
  vmid: 40,
  /** Low 8 bits of the leaves of both stages, and bits of page offset of stage 1's. */
  stage1Bits: 44,
  stage2Bits: 48,
  stage1Shift: 52,
  leafCount: 56,
  /** `tlbFlag` bits. */
  flags: 60,
} as const;

/** What there is to know of an entry besides. */
export const tlbFlag = { virtual: 1, global: 2, hasStage1: 4 } as const;

/** A walk of two stages ends at one leaf of stage 2 for each table of stage 1, of which there are four at most, and one more. */
export const MOST_LEAVES = 5;

/** Leaves of stage 2 that an entry depends on: numbers of guest physical pages (f64), and bits of page offset (u8). */
export const tlbLeaves = { bytes: 48, pages: 0, shifts: 40 } as const;

/** Entries that a path has room for: through Sv48 and Sv48x4 three pointers and four tables behind four entries each. */
export const MOST_NOTES = 19;

/** An entry of a table: where it is (u32), and what it was (u64). */
export const pathNote = { bytes: 16, address: 0, value: 8 } as const;

const NOTES = 96;

/**
 * How a walk came from a root to the entry for a region of 512 pages, or of an entry of a higher level: words, but where it says
 * otherwise.
 */
export const tablePath = {
  bytes: 448,
  /** Of which region it is, under which protection, from which roots (page numbers of both stages, -1 for none), and `kind`. */
  region: 0,
  protection: 4,
  root1: 8,
  root2: 12,
  kind: 16,
  /** The entries on the way, which must be what they were. */
  noteCount: 20,
  notes: NOTES,
  /** Where the table's entries are, or the one entry, and which bits of the page number choose one. */
  entries: 24,
  indexMask: 28,
  /** Bits of the page number inside what an entry maps, and bits of its page offset. */
  insideMask: 32,
  shift: 36,
  /** The low bits of the pointers of the stage, or-ed. */
  seen: 40,
  /** Reads of each stage, that of the last entry included. */
  stage1Reads: 44,
  stage2Reads: 48,
  /** Leaves of stage 2 on the way: numbers of guest physical pages (f64) and bits of page offset (u8). */
  leafCount: 52,
  leafPages: 56,
  leafShifts: 88,
} as const;

/** Pages of a region, as a power of two. */
export const REGION_SHIFT = 9;
/** Pages with numbers of more bits have no paths: small integers are faster. */
export const PATH_PAGE_BITS = 31;
/** Paths of each kind; a power of two. */
export const PATH_COUNT = 64;

/** Needs by the low 8 bits of a leaf, a byte each; 0 for what is no leaf. */
export const NEEDS_BYTES = 256;
/** Cycles of a walk by reads of stage 1 (0 to 4) and of stage 2 (0 to 31): two words, on behalf of each stage. */
export const walkCost = { bytes: 8, stage1: 0, stage2: 4 } as const;
export const COST_SHIFT = 5;
export const MOST_STAGE1_READS = 4;

const sizes = {
  /** Whether the TLB may hold global entries (i32). */
  hasGlobal: 4,
  /** Where cycles of walks are booked, among the leaves of a mode (i32 each). */
  stage1Leaf: 4,
  stage2Leaf: 4,
  /** What a bare stage contributes: the low bits of a leaf (i32). */
  bareBits: 4,
  /** What loads and stores need (i32 each). */
  readNeed: 4,
  writeNeed: 4,
  /** Tables of needs: of stage 1 and of stage 2, each without and with MXR. */
  stage1Needs: 2 * NEEDS_BYTES,
  stage2Needs: 2 * NEEDS_BYTES,
  costs: ((MOST_STAGE1_READS + 1) << COST_SHIFT) * walkCost.bytes,
  /** The way of each set that is replaced next (u8). */
  nextWays: TLB_SETS,
  keys: TLB_ENTRIES * tlbKey.bytes,
  entries: TLB_ENTRIES * tlbEntry.bytes,
  leaves: TLB_ENTRIES * tlbLeaves.bytes,
  /** Paths through the tables of stage 1, which may lie behind stage 2, and through those of stage 2. */
  stage1Paths: PATH_COUNT * tablePath.bytes,
  stage2Paths: PATH_COUNT * tablePath.bytes,
} as const;

const ALIGNMENT = 64;

function layOut(): { offsets: Readonly<Record<keyof typeof sizes, number>>; bytes: number } {
  const offsets: Partial<Record<keyof typeof sizes, number>> = {};
  let bytes = 0;
  for (const name of Object.keys(sizes) as (keyof typeof sizes)[]) {
    if (sizes[name] > ALIGNMENT) bytes = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    offsets[name] = bytes;
    bytes += sizes[name];
  }
  return { offsets: offsets as Record<keyof typeof sizes, number>, bytes };
}

const layout = layOut();

/** Where the parts are. */
export const translationOffsets = layout.offsets;

/** Bytes that the unit takes. */
export const TRANSLATION_BYTES = layout.bytes;

/** What the label of a regime adds to the choice of a set. */
export function tlbMix(tag: number): number {
  return Math.imul(tag | 0, 0x9e37);
}

/** The set of a page: page and label are mixed, so that the same page in two address spaces seldom collides. */
export function tlbSet(page: number, mix: number): number {
  const mixed = (page | 0) ^ ((page | 0) >>> 8) ^ mix;
  return (mixed ^ (mixed >>> 16)) & (TLB_SETS - 1);
}

/** Where among its kind the path to a region is kept. */
export function pathPlace(region: number, root1: number, root2: number): number {
  return (region ^ root1 ^ root2) & (PATH_COUNT - 1);
}
