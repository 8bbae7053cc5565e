import {
  TLB_ENTRIES,
  TLB_SETS,
  TLB_WAY_SHIFT,
  tlbEntry,
  tlbLeaves,
  tlbMix,
  tlbSet,
  translationOffsets,
} from '../../engine/index.ts';
import { PAGE_SHIFT } from '../../isa/index.ts';
import type { Checkpointed } from '../../kernel/index.ts';
import { KEY_NUMBERS, TlbEntry } from './tlb-entry.ts';

/** An entry as a checkpoint keeps it. */
interface SavedEntry {
  readonly index: number;
  readonly page: number;
  readonly tag: number;
  readonly virtual: boolean;
  readonly asid: number;
  readonly vmid: number;
  readonly global: boolean;
  readonly hasStage1: boolean;
  readonly physicalPage: number;
  readonly guestPage: number;
  readonly stage1Bits: number;
  readonly stage2Bits: number;
  readonly stage1Shift: number;
  /** Pairs of page number and bits of page offset. */
  readonly leaves: readonly (readonly [page: number, shift: number])[];
}

/** A TLB as a checkpoint keeps it. */
export interface SavedTlb {
  readonly entries: readonly SavedEntry[];
  /** The way of each set that is replaced next. */
  readonly nextWays: readonly number[];
  readonly hasGlobal: boolean;
}

/** The leaves of stage 2 that a walk depended on, by guest physical page number and bits of page offset. */
interface Leaves {
  readonly leafCount: number;
  readonly leafPages: Float64Array;
  readonly leafShifts: Uint8Array;
}

/** The number of a virtual machine in a label; above it, the label says where the number came from. */
const VMID_MASK = 0x3fff;
const WAY_COUNT = 2 ** TLB_WAY_SHIFT;
const NOTHING = -1;
/** Leaves of stage 2 behind an entry: a number and a byte each. */
const LEAF_NUMBERS = tlbLeaves.bytes / Float64Array.BYTES_PER_ELEMENT;

/** Which page a fence names: a page number of the virtual or of the guest physical address space. */
function covers(leafPage: number, shift: number, page: number): boolean {
  const pages = 2 ** (shift - PAGE_SHIFT);
  return Math.floor(leafPage / pages) === Math.floor(page / pages);
}

/**
 * Translations of one hart: 1024 entries of 4 KiB in sets of 4, replaced in turn. The capacity is the simulator's own;
 * see docs/caveats.md.
 */
export class Tlb implements Checkpointed<SavedTlb> {
  /** Says where a physical page sits in the machine's memory, for entries that come from a checkpoint. */
  locate: ((page: number) => number) | undefined;
  /** Told of each entry that is dropped or replaced; the tables' permissions in an entry never change while it is here. */
  onEvict: ((entry: TlbEntry) => void) | undefined;
  /** Told, in place of `onEvict`, when everything is dropped. */
  onFlush: (() => void) | undefined;
  /** Says which virtual pages must not be dropped just now; see `mayClaim`. */
  isInUse: ((page: number) => boolean) | undefined;
  readonly #entries: readonly TlbEntry[];
  /** Page and label of each entry in turn. */
  readonly #keys: Float64Array;
  /** The leaves of stage 2 behind each entry, which only fences ask for. */
  readonly #leafPages: Float64Array;
  readonly #leafShifts: Uint8Array;
  readonly #nextWay: Uint8Array;
  /** Not 0 if there may be entries that belong to every ASID. */
  readonly #hasGlobal: Int32Array;

  /** Keeps everything in the part of a translation unit that begins at `offset`, a multiple of 8, of the buffer. */
  constructor(buffer: ArrayBuffer, offset: number) {
    const { keys, entries, leaves, nextWays, hasGlobal } = translationOffsets;
    const { pages, shifts } = tlbLeaves;
    const leafNumbers = TLB_ENTRIES * LEAF_NUMBERS;
    this.#keys = new Float64Array(buffer, offset + keys, TLB_ENTRIES * KEY_NUMBERS);
    this.#leafPages = new Float64Array(buffer, offset + leaves + pages, leafNumbers);
    this.#leafShifts = new Uint8Array(
      buffer,
      offset + leaves + shifts,
      TLB_ENTRIES * tlbLeaves.bytes - shifts,
    );
    this.#nextWay = new Uint8Array(buffer, offset + nextWays, TLB_SETS);
    this.#hasGlobal = new Int32Array(buffer, offset + hasGlobal, 1);
    this.#keys.fill(NOTHING);
    const words = (TLB_ENTRIES * tlbEntry.bytes) / Int32Array.BYTES_PER_ELEMENT;
    const memory = {
      words: new Int32Array(buffer, offset + entries, words),
      numbers: new Float64Array(buffer, offset + entries, words / 2),
      keys: this.#keys,
    };
    this.#entries = Array.from({ length: TLB_ENTRIES }, (_, index) => new TlbEntry(index, memory));
  }

  /** The entry of a page for a regime with these labels: its own, or one that belongs to every ASID. */
  lookup(page: number, tag: number, globalTag: number): TlbEntry | undefined {
    let index = this.#indexOf(page, tag);
    if (index < 0 && this.#hasGlobal[0] !== 0) index = this.#indexOf(page, globalTag);
    return index < 0 ? undefined : this.#entries[index];
  }

  /** Where a page is kept under a label, or is to be kept. */
  placeFor(page: number, tag: number): number {
    const index = this.#indexOf(page, tag);
    return index < 0 ? this.freshPlaceFor(page, tag) : index;
  }

  /** Where a page is to be kept that is not here: in the oldest entry of its set. */
  freshPlaceFor(page: number, tag: number): number {
    const set = tlbSet(page, tlbMix(tag));
    return set * WAY_COUNT + (this.#nextWay[set] ?? 0);
  }

  /** Whether `claim` would drop nothing there that is in use. */
  isFree(index: number): boolean {
    const dropped = this.#keys[index * KEY_NUMBERS] ?? NOTHING;
    return dropped === NOTHING || this.isInUse?.(dropped) !== true;
  }

  /**
   * The entry at the place for a page under a label, to `hold` what the walk found. What it held before has been announced gone.
   */
  claim(index: number, page: number, tag: number, isGlobal: boolean): TlbEntry {
    const entry = this.#entries[index];
    if (entry === undefined) throw new RangeError('no such entry');
    const keys = this.#keys;
    const key = index * KEY_NUMBERS;
    const held = keys[key];
    if (held !== page || keys[key + 1] !== tag) {
      this.#nextWay[index >>> TLB_WAY_SHIFT] = (index + 1) & (WAY_COUNT - 1);
    }
    if (held !== NOTHING) this.onEvict?.(entry);
    keys[key] = page;
    keys[key + 1] = tag;
    if (isGlobal) this.#hasGlobal[0] = 1;
    return entry;
  }

  /** Notes what a claimed entry depends on. */
  dependOn({ index }: TlbEntry, { leafCount, leafPages, leafShifts }: Leaves): void {
    for (let leaf = 0; leaf < leafCount; leaf += 1) {
      this.#leafPages[index * LEAF_NUMBERS + leaf] = leafPages[leaf] ?? 0;
      this.#leafShifts[index * tlbLeaves.bytes + leaf] = leafShifts[leaf] ?? 0;
    }
  }

  /** Drops one entry. */
  drop(entry: TlbEntry): void {
    this.#drop((candidate) => candidate === entry);
  }

  /** Drops everything. */
  flush(): void {
    this.#keys.fill(NOTHING);
    this.#hasGlobal[0] = 0;
    this.onFlush?.();
  }

  save(): SavedTlb {
    const held = this.#entries.filter(({ page }) => page !== NOTHING);
    return {
      entries: held.map((entry) => this.#saved(entry)),
      nextWays: [...this.#nextWay],
      hasGlobal: this.#hasGlobal[0] !== 0,
    };
  }

  restore({ entries, nextWays, hasGlobal }: SavedTlb): void {
    this.flush();
    this.#nextWay.set(nextWays);
    this.#hasGlobal[0] = hasGlobal ? 1 : 0;
    for (const saved of entries) this.#restore(saved);
  }

  #restore({ index, page, tag, leaves, ...saved }: SavedEntry): void {
    const walk = {
      page: saved.physicalPage,
      isGlobal: saved.global,
      leafCount: leaves.length,
      leafPages: Float64Array.from(leaves, ([leaf]) => leaf),
      leafShifts: Uint8Array.from(leaves, ([, shift]) => shift),
    };
    const entry = this.#entries[index];
    if (entry === undefined) return;
    const space = { ...saved, stage1: saved.hasStage1 || undefined };
    entry.hold({ ...saved, ...walk }, space, this.locate?.(walk.page) ?? NOTHING);
    this.dependOn(entry, walk);
    this.#keys.set([page, tag], index * KEY_NUMBERS);
  }

  #saved(entry: TlbEntry): SavedEntry {
    const { index, page, tag, virtual, asid, vmid, global, hasStage1 } = entry;
    const { physicalPage, guestPage, stage1Bits, stage2Bits, stage1Shift } = entry;
    const leaves = Array.from({ length: entry.leafCount }, (_, leaf) => {
      return [this.#leafPage(entry, leaf), this.#leafShift(entry, leaf)] as const;
    });
    return {
      ...{ index, page, tag, virtual, asid, vmid, global, hasStage1 },
      ...{ physicalPage, guestPage, stage1Bits, stage2Bits, stage1Shift, leaves },
    };
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
        (vmid === undefined || (entry.vmid & VMID_MASK) === vmid) &&
        this.#namesStage2(entry, guestPage),
    );
  }

  /** HUFENCE.GVMA: stage 2 of the hart's own virtual machine (duvisor 3). */
  fenceOwnStage2(guestPage: number | undefined, vmid: number): void {
    this.#drop((entry) => entry.vmid === vmid && this.#namesStage2(entry, guestPage));
  }

  /** An entry depends on the stage-2 leaves of its page and of the stage-1 tables that led there. */
  #namesStage2(entry: TlbEntry, guestPage: number | undefined): boolean {
    if (!entry.virtual) return false;
    if (guestPage === undefined) return true;
    for (let leaf = 0; leaf < entry.leafCount; leaf += 1) {
      const shift = this.#leafShift(entry, leaf);
      if (covers(this.#leafPage(entry, leaf), shift, guestPage)) return true;
    }
    return false;
  }

  #leafPage({ index }: TlbEntry, leaf: number): number {
    return this.#leafPages[index * LEAF_NUMBERS + leaf] ?? NOTHING;
  }

  #leafShift({ index }: TlbEntry, leaf: number): number {
    return this.#leafShifts[index * tlbLeaves.bytes + leaf] ?? 0;
  }

  #indexOf(page: number, tag: number): number {
    const keys = this.#keys;
    const first = tlbSet(page, tlbMix(tag)) * WAY_COUNT;
    for (let index = first; index < first + WAY_COUNT; index++) {
      const key = index * KEY_NUMBERS;
      if (keys[key] === page && keys[key + 1] === tag) return index;
    }
    return NOTHING;
  }

  #drop(isNamed: (entry: TlbEntry) => boolean): void {
    for (let index = 0; index < TLB_ENTRIES; index++) {
      if (this.#keys[index * KEY_NUMBERS] === NOTHING) continue;
      const entry = this.#entries[index];
      if (entry === undefined || !isNamed(entry)) continue;
      this.onEvict?.(entry);
      this.#keys[index * KEY_NUMBERS] = NOTHING;
    }
  }
}

/** A fence with an ASID leaves global translations alone; one with an address hits the whole superpage. */
function namesStage1(entry: TlbEntry, page: number | undefined, asid: number | undefined): boolean {
  if (!entry.hasStage1) return false;
  if (asid !== undefined && (entry.global || entry.asid !== asid)) return false;
  return page === undefined || covers(entry.page, entry.stage1Shift, page);
}
