import type { Stage2Leaf } from './page-walker.ts';

/** One cached translation of a 4 KiB page, with everything a hit needs to decide without a walk. */
export interface TlbEntry {
  /** Virtual page number, 52 bits. */
  readonly page: number;
  /** The regime's label: kind, ASID and VMID. */
  readonly tag: number;
  readonly virtual: boolean;
  readonly asid: number;
  readonly vmid: number;
  readonly global: boolean;
  readonly hasStage1: boolean;
  /** Physical address of the frame. */
  readonly frame: number;
  readonly guestPage: number;
  /** Low 8 bits of the leaf entries of both stages. */
  readonly stage1Bits: number;
  readonly stage2Bits: number;
  readonly stage1Shift: number;
  readonly stage2Leaves: readonly Stage2Leaf[];
  /** Where the frame sits in the machine's memory; negative when it is not wholly RAM. */
  readonly memoryOffset: number;
  /** `permissionCode` of the regime and generation of the protection for which `allowed` holds. */
  permissionCode: number;
  protection: number;
  /** Set of `Need` bits that a hit may use directly. */
  allowed: number;
}

/** The number of a virtual machine in a label; above it, the label says where the number came from. */
const VMID_MASK = 0x3fff;
const SET_COUNT = 256;
const WAY_COUNT = 4;

/** Which page a fence names: a page number of the virtual or of the guest physical address space. */
function covers(leafPage: number, shift: number, page: number): boolean {
  const pages = 2 ** (shift - 12);
  return Math.floor(leafPage / pages) === Math.floor(page / pages);
}

/**
 * Translations of one hart: 1024 entries of 4 KiB in sets of 4, replaced in turn. The capacity is the simulator's own;
 * see docs/caveats.md.
 */
export class Tlb {
  /** Told of each entry that is dropped or replaced; the tables' permissions in an entry never change while it is here. */
  onEvict: ((entry: TlbEntry) => void) | undefined;
  /** Told, in place of `onEvict`, when everything is dropped. */
  onFlush: (() => void) | undefined;
  readonly #entries: (TlbEntry | undefined)[] = new Array<undefined>(SET_COUNT * WAY_COUNT);
  readonly #nextWay = new Uint8Array(SET_COUNT);

  /** The entry of a page under a label. */
  find(page: number, tag: number): TlbEntry | undefined {
    const first = setOf(page, tag) * WAY_COUNT;
    for (let way = first; way < first + WAY_COUNT; way++) {
      const entry = this.#entries[way];
      if (entry?.page === page && entry.tag === tag) return entry;
    }
    return undefined;
  }

  /** Adds an entry, in place of the one with the same page and label, or of the oldest of its set. */
  insert(entry: TlbEntry): void {
    const set = setOf(entry.page, entry.tag);
    const first = set * WAY_COUNT;
    let way = -1;
    for (let candidate = 0; candidate < WAY_COUNT; candidate++) {
      const old = this.#entries[first + candidate];
      if (old?.page === entry.page && old.tag === entry.tag) way = candidate;
    }
    if (way < 0) {
      way = this.#nextWay[set] ?? 0;
      this.#nextWay[set] = (way + 1) % WAY_COUNT;
    }
    const replaced = this.#entries[first + way];
    this.#entries[first + way] = entry;
    if (replaced !== undefined) this.onEvict?.(replaced);
  }

  /** Drops one entry. */
  drop(entry: TlbEntry): void {
    this.#drop((candidate) => candidate === entry);
  }

  /** Drops everything. */
  flush(): void {
    this.#entries.fill(undefined);
    this.onFlush?.();
  }

  /** SFENCE.VMA with V=0: host translations, by page and by ASID where given (priv 12.2.1). */
  fenceHost(page: number | undefined, asid: number | undefined): void {
    this.#drop((entry) => !entry.virtual && namesStage1(entry, page, asid));
  }

  /** SFENCE.VMA with V=1, HFENCE.VVMA, HUFENCE.VVMA: stage 1 of one virtual machine (priv 18.3.2). */
  fenceGuestStage1(vmid: number, page: number | undefined, asid: number | undefined): void {
    this.#drop((entry) => entry.virtual && entry.vmid === vmid && namesStage1(entry, page, asid));
  }

  /**
   * HFENCE.GVMA: stage 2, by guest physical page and by VMID where given (priv 18.3.2). The kernel names a virtual machine
   * by its number, whichever register holds it.
   */
  fenceGuestStage2(guestPage: number | undefined, vmid: number | undefined): void {
    this.#drop(
      (entry) =>
        (vmid === undefined || (entry.vmid & VMID_MASK) === vmid) && namesStage2(entry, guestPage),
    );
  }

  /** HUFENCE.GVMA: stage 2 of the hart's own virtual machine (duvisor 3). */
  fenceOwnStage2(guestPage: number | undefined, vmid: number): void {
    this.#drop((entry) => entry.vmid === vmid && namesStage2(entry, guestPage));
  }

  #drop(isNamed: (entry: TlbEntry) => boolean): void {
    for (let index = 0; index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry === undefined || !isNamed(entry)) continue;
      this.#entries[index] = undefined;
      this.onEvict?.(entry);
    }
  }
}

/** A fence with an ASID leaves global translations alone; one with an address hits the whole superpage. */
function namesStage1(entry: TlbEntry, page: number | undefined, asid: number | undefined): boolean {
  if (!entry.hasStage1) return false;
  if (asid !== undefined && (entry.global || entry.asid !== asid)) return false;
  return page === undefined || covers(entry.page, entry.stage1Shift, page);
}

/** An entry depends on the stage-2 leaves of its page and of the stage-1 tables that led there. */
function namesStage2(entry: TlbEntry, guestPage: number | undefined): boolean {
  if (!entry.virtual) return false;
  return (
    guestPage === undefined ||
    entry.stage2Leaves.some((leaf) => covers(leaf.guestPage, leaf.shift, guestPage))
  );
}

/** Mixes page and label, so that the same page in two address spaces seldom collides. */
function setOf(page: number, tag: number): number {
  const mixed = (page | 0) ^ ((page | 0) >>> 8) ^ Math.imul(tag | 0, 0x9e37);
  return (mixed ^ (mixed >>> 16)) & (SET_COUNT - 1);
}
