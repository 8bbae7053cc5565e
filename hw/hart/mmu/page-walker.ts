import {
  PAGE_BYTES,
  PAGE_SHIFT,
  Pte,
  PteLayout,
  PTE_BYTES,
  type TranslationScheme,
} from '../../isa/index.ts';
import type { AccessKind, FaultKind } from './access.ts';

/** The table that one stage begins with. */
export interface TranslationTable {
  readonly scheme: TranslationScheme;
  /** Physical page number of the root. */
  readonly root: number;
}

/** Everything the walker needs to know about one access. */
export interface WalkRequest {
  /** The virtual address, unsigned 64 bits. */
  readonly address: bigint;
  readonly access: AccessKind;
  /** The table of stage 1 (`satp` or `vsatp`); `undefined` while that stage is bare. */
  readonly stage1: TranslationTable | undefined;
  /** The table of stage 2 (`hgatp`); `undefined` for V=0 and while that stage is bare. */
  readonly stage2: TranslationTable | undefined;
  /** The access is made with effective privilege U (or VU). */
  readonly user: boolean;
  /** S mode may touch user pages: `sstatus.SUM`, for guests `vsstatus.SUM`. */
  readonly sum: boolean;
  /** Execute makes readable in stage 1: `sstatus.MXR`, for guests also `vsstatus.MXR` (priv 18.4.1). */
  readonly stage1Mxr: boolean;
  /** Execute makes readable in stage 2: `sstatus.MXR`, not `vsstatus.MXR`. */
  readonly stage2Mxr: boolean;
  /** HLVX: execute permission takes the place of read permission in both stages (priv 18.3). */
  readonly executeAsRead: boolean;
}

/** Reads one 8-byte table entry at a physical address; `undefined` is an access fault. */
export type EntryReader = (address: number) => bigint | undefined;

/** A stage-2 leaf that a walk depended on: the guest physical address asked for and the bits of its page offset. */
export interface Stage2Leaf {
  readonly guestPage: number;
  readonly shift: number;
}

/** A completed walk, at 4 KiB grain whatever the size of the leaves. */
export interface Translation {
  readonly ok: true;
  /** Physical address of the 4 KiB frame. */
  readonly frame: number;
  /** Low 8 bits of stage 1's leaf entry; all permissions while that stage is bare. */
  readonly stage1Bits: number;
  /** Low 8 bits of stage 2's leaf entry for the final address; all permissions while that stage is bare. */
  readonly stage2Bits: number;
  /** Bits of stage 1's page offset: 12, 21, 30 or 39. */
  readonly stage1Shift: number;
  /** The mapping exists in all address spaces. */
  readonly global: boolean;
  /** Guest physical page number of the final address, with V=1. */
  readonly guestPage: number;
  /** Stage-2 leaves of the final address and of every stage-1 table that was read. */
  readonly stage2Leaves: readonly Stage2Leaf[];
  readonly stage1Reads: number;
  readonly stage2Reads: number;
}

/** A failed walk. */
export interface WalkFault {
  readonly ok: false;
  readonly kind: FaultKind;
  /** The guest physical address whose translation or access failed, with V=1 and stage 2 reached. */
  readonly guestAddress: bigint | undefined;
  /** The failure hit an access to a stage-1 table, not the access itself. */
  readonly implicit: boolean;
  readonly stage1Reads: number;
  readonly stage2Reads: number;
}

/** What a bare stage contributes: every permission, accessed and dirty, of a user page (G-stage) or any page. */
const BARE_BITS = Number(
  Pte.valid | Pte.read | Pte.write | Pte.execute | Pte.user | Pte.accessed | Pte.dirty,
);
const READ = Number(Pte.read);
const WRITE = Number(Pte.write);
const EXECUTE = Number(Pte.execute);
const USER = Number(Pte.user);
const GLOBAL = Number(Pte.global);
const ACCESSED = Number(Pte.accessed);
const DIRTY = Number(Pte.dirty);
const PPN_MASK = (1n << BigInt(PteLayout.ppnBits)) - 1n;

/** Whether the R, W and X bits of a leaf allow an access; A and D are checked apart. */
export function leafAllows(
  bits: number,
  access: AccessKind,
  mxr: boolean,
  executeAsRead: boolean,
): boolean {
  if (access === 'fetch') return (bits & EXECUTE) !== 0;
  if (access === 'store') return (bits & WRITE) !== 0;
  if (executeAsRead) return (bits & EXECUTE) !== 0;
  return (bits & READ) !== 0 || (mxr && (bits & EXECUTE) !== 0);
}

/** Whether the U bit of a stage-1 leaf lets the effective privilege in (priv 12.3.2, step 6). */
export function userBitAllows(
  bits: number,
  access: AccessKind,
  user: boolean,
  sum: boolean,
): boolean {
  if (user) return (bits & USER) !== 0;
  return (bits & USER) === 0 || (sum && access !== 'fetch');
}

/** Whether A, and for stores D, are set: hardware never sets them (Svade, priv 12.3.2, step 9). */
export function accessedAndDirty(bits: number, access: AccessKind): boolean {
  return (bits & ACCESSED) !== 0 && (access !== 'store' || (bits & DIRTY) !== 0);
}

interface Leaf {
  readonly bits: number;
  /** Physical page number of the 4 KiB page inside the leaf's page. */
  readonly page: number;
  readonly shift: number;
  readonly global: boolean;
}

type TableOutcome = Leaf | FaultKind;

/** Runs the two-stage walk of one access; pure but for the reads it asks for (priv 12.3.2, priv 18.5). */
export function walk(request: WalkRequest, read: EntryReader): Translation | WalkFault {
  return new Walk(request, read).run();
}

/** The state of one walk: the counters and the leaves seen so far. */
class Walk {
  readonly #request: WalkRequest;
  readonly #read: EntryReader;
  readonly #stage2Leaves: Stage2Leaf[] = [];
  #stage1Reads = 0;
  #stage2Reads = 0;
  #fault: { kind: FaultKind; guestAddress: bigint | undefined } = {
    kind: 'page',
    guestAddress: undefined,
  };

  constructor(request: WalkRequest, read: EntryReader) {
    this.#request = request;
    this.#read = read;
  }

  run(): Translation | WalkFault {
    const request = this.#request;
    const stage1 = this.#stage1();
    if (typeof stage1 === 'string') return this.#failed(stage1, undefined, false);
    if (stage1 === undefined) return this.#failed(this.#fault.kind, this.#fault.guestAddress, true);
    const offset = request.address & BigInt(PAGE_BYTES - 1);
    const guestAddress = stage1.guestBase | offset;
    const stage2 = this.#stage2(
      guestAddress,
      request.access,
      request.stage2Mxr,
      request.executeAsRead,
    );
    if (typeof stage2 === 'string') return this.#failed(stage2, guestAddress, false);
    return {
      ok: true,
      frame: stage2.page * PAGE_BYTES,
      stage1Bits: stage1.bits,
      stage2Bits: stage2.bits,
      stage1Shift: stage1.shift,
      global: stage1.global,
      guestPage: Number(guestAddress >> BigInt(PAGE_SHIFT)),
      stage2Leaves: this.#stage2Leaves,
      stage1Reads: this.#stage1Reads,
      stage2Reads: this.#stage2Reads,
    };
  }

  #failed(kind: FaultKind, guestAddress: bigint | undefined, implicit: boolean): WalkFault {
    return {
      ok: false,
      kind,
      guestAddress,
      implicit,
      stage1Reads: this.#stage1Reads,
      stage2Reads: this.#stage2Reads,
    };
  }

  /** Stage 1; `undefined` when an access to one of its tables failed, as `#fault` tells. */
  #stage1(): (Leaf & { guestBase: bigint }) | FaultKind | undefined {
    const { address, access, stage1, user, sum, stage1Mxr, executeAsRead } = this.#request;
    const pageMask = BigInt(PAGE_BYTES - 1);
    if (stage1 === undefined) {
      const guestBase = address & ~pageMask;
      return { bits: BARE_BITS, page: 0, shift: PAGE_SHIFT, global: false, guestBase };
    }
    const { addressBits } = stage1.scheme;
    if (BigInt.asUintN(64, BigInt.asIntN(addressBits, address)) !== address) return 'page';
    const outcome = this.#table(stage1, address, (entry) => this.#readStage1Entry(entry));
    if (outcome === undefined) return undefined;
    if (typeof outcome === 'string') return outcome;
    const { bits } = outcome;
    const allowed =
      userBitAllows(bits, access, user, sum) &&
      leafAllows(bits, access, stage1Mxr, executeAsRead) &&
      accessedAndDirty(bits, access);
    return allowed ? { ...outcome, guestBase: BigInt(outcome.page) << 12n } : 'page';
  }

  /** Reads a stage-1 entry through stage 2; failures go to `#fault`. */
  #readStage1Entry(guestAddress: number): bigint | undefined {
    this.#stage1Reads += 1;
    // The page walker's own reads obey neither MXR nor HLVX.
    const leaf = this.#stage2(BigInt(guestAddress), 'load', false, false);
    let entry: bigint | undefined;
    if (typeof leaf !== 'string') {
      entry = this.#readEntry(leaf.page * PAGE_BYTES + (guestAddress % PAGE_BYTES));
    }
    if (entry === undefined) {
      this.#fault = {
        kind: typeof leaf === 'string' ? leaf : 'access',
        guestAddress: BigInt(guestAddress),
      };
    }
    return entry;
  }

  /** Stage 2, or the identity while it is bare. */
  #stage2(address: bigint, access: AccessKind, mxr: boolean, executeAsRead: boolean): TableOutcome {
    const { stage2 } = this.#request;
    if (stage2 === undefined) {
      const page = Number(address >> BigInt(PAGE_SHIFT));
      return { bits: BARE_BITS, page, shift: PAGE_SHIFT, global: false };
    }
    if (address >> BigInt(stage2.scheme.addressBits) !== 0n) return 'guestPage';
    const outcome = this.#table(stage2, address, (entry) => {
      this.#stage2Reads += 1;
      return this.#readEntry(entry);
    });
    if (outcome === undefined) return 'access';
    if (typeof outcome === 'string') return 'guestPage';
    const { bits, shift } = outcome;
    const allowed =
      (bits & USER) !== 0 &&
      leafAllows(bits, access, mxr, executeAsRead) &&
      accessedAndDirty(bits, access);
    if (!allowed) return 'guestPage';
    this.#stage2Leaves.push({ guestPage: Number(address >> BigInt(PAGE_SHIFT)), shift });
    return outcome;
  }

  /** Descends one tree of tables; `undefined` when a read failed. */
  #table(
    { scheme, root }: TranslationTable,
    address: bigint,
    read: (entry: number) => bigint | undefined,
  ): Leaf | 'page' | undefined {
    let table = root;
    let global = false;
    for (let level = scheme.levels - 1; level >= 0; level--) {
      const shift = PAGE_SHIFT + level * scheme.bitsPerLevel;
      const indexBits =
        scheme.bitsPerLevel + (level === scheme.levels - 1 ? scheme.rootExtraBits : 0);
      const index = Number((address >> BigInt(shift)) & ((1n << BigInt(indexBits)) - 1n));
      const entry = read(table * PAGE_BYTES + index * PTE_BYTES);
      if (entry === undefined) return undefined;
      if ((entry & Pte.valid) === 0n || (entry & PteLayout.reserved) !== 0n) return 'page';
      const bits = Number(entry & 0xffn);
      const page = Number((entry >> BigInt(PteLayout.ppnShift)) & PPN_MASK);
      global ||= (bits & GLOBAL) !== 0;
      if ((bits & (READ | EXECUTE)) !== 0) {
        return leafOf({ bits, page, shift, global }, address);
      }
      // W without R is reserved, and so are U, A and D of an entry that points to a table.
      if ((bits & (WRITE | USER | ACCESSED | DIRTY)) !== 0) return 'page';
      table = page;
    }
    return 'page';
  }

  #readEntry(address: number): bigint | undefined {
    return address <= Number.MAX_SAFE_INTEGER ? this.#read(address) : undefined;
  }
}

/** Completes a leaf: refuses W without R and a misaligned superpage, picks the 4 KiB page inside. */
function leafOf(leaf: Leaf, address: bigint): Leaf | 'page' {
  const { bits, page, shift } = leaf;
  if ((bits & WRITE) !== 0 && (bits & READ) === 0) return 'page';
  const pages = 2 ** (shift - PAGE_SHIFT);
  if (page % pages !== 0) return 'page';
  const inside = Number((address >> BigInt(PAGE_SHIFT)) & BigInt(pages - 1));
  return { ...leaf, page: page + inside };
}
