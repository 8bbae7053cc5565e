/** Leaves of stage 2 that an entry can depend on: that of its page, and those of the tables of stage 1. */
const MOST_LEAVES = 5;

/**
 * One cached translation of a 4 KiB page, with everything a hit needs to decide without a walk. Entries are used again: who
 * keeps one lets go of it when the TLB announces its end.
 */
export class TlbEntry {
  /** Virtual page number, 52 bits; negative while the entry holds nothing. */
  page = -1;
  /** The regime's label: kind, ASID and VMID. */
  tag = 0;
  virtual = false;
  asid = 0;
  vmid = 0;
  global = false;
  hasStage1 = false;
  /** Physical address of the frame. */
  frame = 0;
  guestPage = 0;
  /** Low 8 bits of the leaf entries of both stages. */
  stage1Bits = 0;
  stage2Bits = 0;
  stage1Shift = 0;
  /** The leaves of stage 2 behind it, by guest physical page number and bits of page offset. */
  leafCount = 0;
  readonly leafPages = new Float64Array(MOST_LEAVES);
  readonly leafShifts = new Uint8Array(MOST_LEAVES);
  /** Where the frame sits in the machine's memory; negative when it is not wholly RAM. */
  memoryOffset = -1;
  /** `permissionCode` of the regime and generation of the protection for which `allowed` holds. */
  permissionCode = -1;
  protection = -1;
  /** Set of `Need` bits that a hit may use directly. */
  allowed = 0;
}

/** The number of a virtual machine in a label; above it, the label says where the number came from. */
const VMID_MASK = 0x3fff;
const SET_COUNT = 256;
const WAY_COUNT = 4;
const ENTRY_COUNT = SET_COUNT * WAY_COUNT;
const NOTHING = -1;

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
  /** Says which virtual pages must not be dropped just now; see `mayClaim`. */
  isInUse: ((page: number) => boolean) | undefined;
  readonly #entries = Array.from({ length: ENTRY_COUNT }, () => new TlbEntry());
  /** Page and label of each entry, side by side: a search looks at nothing else. */
  readonly #pages = new Float64Array(ENTRY_COUNT).fill(NOTHING);
  readonly #tags = new Float64Array(ENTRY_COUNT);
  readonly #nextWay = new Uint8Array(SET_COUNT);
  #hasGlobal = false;

  /** The entry of a page for a regime with these labels: its own, or one that belongs to every ASID. */
  lookup(page: number, tag: number, globalTag: number): TlbEntry | undefined {
    let index = this.#indexOf(page, tag);
    if (index < 0 && this.#hasGlobal) index = this.#indexOf(page, globalTag);
    return index < 0 ? undefined : this.#entries[index];
  }

  /** Whether `claim` would drop nothing that is in use. */
  mayClaim(page: number, tag: number): boolean {
    const dropped = this.#pages[this.#placeFor(page, tag)] ?? NOTHING;
    return dropped === NOTHING || this.isInUse?.(dropped) !== true;
  }

  /**
   * The entry in which a page is to be kept under a label, for the caller to fill in: the one that holds that page, or the
   * oldest of its set. What it held before has been announced gone.
   */
  claim(page: number, tag: number, isGlobal: boolean): TlbEntry {
    const index = this.#placeFor(page, tag);
    const set = Math.floor(index / WAY_COUNT);
    if (this.#pages[index] !== page || this.#tags[index] !== tag) {
      this.#nextWay[set] = (index + 1) % WAY_COUNT;
    }
    const entry = this.#entries[index] ?? new TlbEntry();
    if (entry.page !== NOTHING) this.onEvict?.(entry);
    entry.page = page;
    entry.tag = tag;
    entry.global = isGlobal;
    if (isGlobal) this.#hasGlobal = true;
    this.#pages[index] = page;
    this.#tags[index] = tag;
    return entry;
  }

  /** Drops one entry. */
  drop(entry: TlbEntry): void {
    this.#drop((candidate) => candidate === entry);
  }

  /** Drops everything. */
  flush(): void {
    for (const entry of this.#entries) entry.page = NOTHING;
    this.#pages.fill(NOTHING);
    this.#hasGlobal = false;
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

  /** Where a page is kept, or else the oldest entry of its set. */
  #placeFor(page: number, tag: number): number {
    const index = this.#indexOf(page, tag);
    if (index >= 0) return index;
    const set = setOf(page, tag);
    return set * WAY_COUNT + (this.#nextWay[set] ?? 0);
  }

  #indexOf(page: number, tag: number): number {
    const first = setOf(page, tag) * WAY_COUNT;
    for (let index = first; index < first + WAY_COUNT; index++) {
      if (this.#pages[index] === page && this.#tags[index] === tag) return index;
    }
    return -1;
  }

  #drop(isNamed: (entry: TlbEntry) => boolean): void {
    for (let index = 0; index < ENTRY_COUNT; index++) {
      if (this.#pages[index] === NOTHING) continue;
      const entry = this.#entries[index];
      if (entry === undefined || !isNamed(entry)) continue;
      this.onEvict?.(entry);
      entry.page = NOTHING;
      this.#pages[index] = NOTHING;
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
  if (guestPage === undefined) return true;
  for (let leaf = 0; leaf < entry.leafCount; leaf++) {
    const shift = entry.leafShifts[leaf] ?? 0;
    if (covers(entry.leafPages[leaf] ?? NOTHING, shift, guestPage)) return true;
  }
  return false;
}

/** Mixes page and label, so that the same page in two address spaces seldom collides. */
function setOf(page: number, tag: number): number {
  const mixed = (page | 0) ^ ((page | 0) >>> 8) ^ Math.imul(tag | 0, 0x9e37);
  return (mixed ^ (mixed >>> 16)) & (SET_COUNT - 1);
}
