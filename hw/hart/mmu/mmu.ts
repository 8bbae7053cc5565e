import { PAGE_BYTES, PAGE_SHIFT } from '../../isa/index.ts';
import type { BusPort, MachineMemory } from '../../kernel/index.ts';
import { type Pmp, PmpConfig } from '../../pmc/index.ts';
import type { WalkTrace } from '../../timing/index.ts';
import { type AccessKind, accessOf, type FaultKind, Need } from './access.ts';
import { DirectWalks, type WalkTiming } from './direct-walks.ts';
import { leafNeeds, userNeeds } from './leaf.ts';
import { PageWalker } from './page-walker.ts';
import { type Regime, type Regimes, RegimeTable, type TranslationState } from './regime.ts';
import { TableReader } from './table-reader.ts';
import { Tlb } from './tlb.ts';
import type { TlbEntry } from './tlb-entry.ts';
import { WalkRecorder } from './walk-recorder.ts';

/** A failed access, as the trap will describe it. */
export interface MmuFault {
  readonly kind: FaultKind;
  readonly access: AccessKind;
  /** The virtual address that failed. */
  readonly address: bigint;
  /** That address is a guest's: `GVA` (priv 18.2.1). */
  readonly isGuestVirtual: boolean;
  /** For guest-page faults and refusals of physical memory checking. */
  readonly guestAddress: bigint | undefined;
  /** A guest-page fault of an access to a VS-stage table. */
  readonly implicit: boolean;
  /** The walker was to set A or D in that table. */
  readonly isUpdate: boolean;
}

/** What the translation unit is wired to. */
export interface MmuPorts {
  readonly memory: MachineMemory;
  /** Where the unit's own `TRANSLATION_BYTES` begin in it, a multiple of 64. */
  readonly memoryOffset: number;
  readonly bus: BusPort;
  readonly pmp: Pmp;
  /** Sets bits of the byte at a physical address of main memory; `false` where there is none to be written. */
  readonly setBits: (address: number, bits: number) => boolean;
  /** Raises the trap; does not return. */
  readonly raise: (fault: MmuFault) => never;
  /** Told of the table reads of each walk that was made because nothing was cached. */
  readonly onWalk: (stage1Reads: number, stage2Reads: number) => void;
  /** What generated code does in its place. */
  readonly walkTiming: WalkTiming;
}

const IN_PAGE = PAGE_BYTES - 1;
const HIGH_PAGES = 2 ** 20;
/** Nothing that a page number above could be answers. */
const LAST_PAGE = Math.floor(Number.MAX_SAFE_INTEGER / PAGE_BYTES);
const NOWHERE = -1;

/** What protection must grant; HLVX needs both X, as a fetch would, and R (priv 18.3.1). */
function protectionOf(need: Need): number {
  if (need === Need.execute) return PmpConfig.execute;
  if (need === Need.readExecutable) return PmpConfig.read | PmpConfig.execute;
  return need === Need.write ? PmpConfig.write : PmpConfig.read;
}

function isGranted(permissions: number, need: Need): boolean {
  const wanted = protectionOf(need);
  return (permissions & wanted) === wanted;
}

/** The set of needs that permissions of `pmpcfg` grant. */
function grantedNeeds(permissions: number): number {
  return (
    ((permissions & PmpConfig.read) === 0 ? 0 : Need.read) |
    (isGranted(permissions, Need.readExecutable) ? Need.readExecutable : 0) |
    ((permissions & PmpConfig.write) === 0 ? 0 : Need.write) |
    ((permissions & PmpConfig.execute) === 0 ? 0 : Need.execute)
  );
}

const granted = Uint8Array.from(
  { length: PmpConfig.read + PmpConfig.write + PmpConfig.execute + 1 },
  (_, permissions) => grantedNeeds(permissions),
);

/** Address translation and protection of one hart: regimes, TLB, two-stage walker, physical memory protection. */
export class Mmu {
  readonly tlb: Tlb;
  readonly #ports: MmuPorts;
  readonly #tables: TableReader;
  readonly #walker: PageWalker;
  readonly #recorder: WalkRecorder;
  readonly #directWalks: DirectWalks;
  /** The entry that `reach` has walked for, until somebody is told how. */
  #walkedEntry: TlbEntry | undefined;
  readonly #table = new RegimeTable(() => this.tlb.onFlush?.());
  #regimes: Regimes;
  /** Whole pages of the window of memory that the last new entry was in, and where they begin in the machine's memory. */
  #firstPage = 0;
  #endPage = 0;
  #firstOffset = 0;

  constructor(ports: MmuPorts, state: TranslationState) {
    const { memory, memoryOffset, pmp, walkTiming } = ports;
    this.#ports = ports;
    this.tlb = new Tlb(memory.buffer, memoryOffset);
    this.#directWalks = new DirectWalks(memory.buffer, memoryOffset, pmp, walkTiming);
    this.#tables = new TableReader(ports.memory, ports.bus, ports.pmp, ports.setBits);
    this.#walker = new PageWalker(this.#tables);
    this.#recorder = new WalkRecorder(this.#tables, ports.bus);
    this.#regimes = this.#table.of(state);
    this.tlb.locate = (page) => this.#memoryOffsetOf(page);
  }

  /** The regimes in force. */
  get regimes(): Regimes {
    return this.#regimes;
  }

  /** Another number whenever the regimes of a mode may have become others, MPRV apart. */
  get environment(): number {
    return this.#table.environment;
  }

  /**
   * Takes a new mode or new CSR values, among them roots of tables if `rootsMayDiffer`; no entry is dropped. The same
   * situation has the same regimes again.
   */
  enter(state: TranslationState, rootsMayDiffer = true): void {
    this.#regimes = this.#table.of(state, rootsMayDiffer);
  }

  /**
   * The cached translation that an access would use, or `undefined` where `resolve` has work to do; changes nothing. A page
   * found holds for its regime's `contextKey` until the TLB announces its end or `pmp.generation` changes.
   */
  lookup(high: number, low: number, need: Need, regime: Regime): TlbEntry | undefined {
    const entry = this.#find(high * HIGH_PAGES + (low >>> 12), regime);
    return entry !== undefined && this.#permits(entry, need, regime) ? entry : undefined;
  }

  /**
   * The translation of an access of `bytes` bytes inside one page, at the address `high`:`low` (unsigned halves).
   * Raises the trap if it may not be made.
   */
  resolve(high: number, low: number, bytes: number, need: Need, regime: Regime): TlbEntry {
    const page = high * HIGH_PAGES + (low >>> 12);
    const entry = this.#find(page, regime);
    if (entry !== undefined && this.#permits(entry, need, regime)) return entry;
    const offset = low & IN_PAGE;
    if (entry !== undefined && (tableNeeds(entry, regime) & need) !== 0) {
      return this.#protect(entry, offset, bytes, need, regime);
    }
    return this.#protect(
      this.#walk(entry, page, offset, need, regime),
      offset,
      bytes,
      need,
      regime,
    );
  }

  /**
   * What `resolve` finds or walks to where only time has to pass for it: `undefined`, with nothing changed, where the access
   * would trap or the tables be written to, where only part of the page may be accessed, and where a page would have to be dropped that is in use.
   */
  reach(high: number, low: number, need: Need, regime: Regime): TlbEntry | undefined {
    this.#walkedEntry = undefined;
    const page = high * HIGH_PAGES + (low >>> 12);
    let entry = this.#find(page, regime);
    if (entry !== undefined && this.#permits(entry, need, regime)) return entry;
    if (entry === undefined) {
      this.#tables.begin(regime, false);
      if (this.#walker.walk(page, need, regime) !== 'found') return undefined;
      const place = this.tlb.freshPlaceFor(page, this.#walkedTag(regime));
      if (!this.tlb.isFree(place)) return undefined;
      entry = this.#keep(place, page, regime);
      this.#walkedEntry = entry;
    }
    this.#authorize(entry, regime);
    return (entry.allowed & need) === 0 ? undefined : entry;
  }

  /**
   * Lets generated code walk for the regime of data accesses as `reach` has just done to get to an entry, by what is written into
   * a `regimeRecord` at an address of the machine's memory.
   */
  guide(record: number, entry: TlbEntry): void {
    const { data } = this.#regimes;
    const walks = this.#directWalks;
    const hasWalked = this.#walkedEntry === entry;
    this.#walkedEntry = undefined;
    // Where pages are only matters to walks.
    if (!hasWalked && walks.isArmed(record)) return;
    if (hasWalked) walks.keep(entry.page, data, this.#walker);
    if (walks.isGuided(record, entry.physicalPage)) return;
    const { physicalPage, memoryOffset } = entry;
    if (memoryOffset < 0) return;
    const { firstPage, endPage, permissions } = this.#ports.pmp.stretchAround(physicalPage, data);
    const first = Math.max(firstPage, this.#firstPage);
    walks.guide(record, data, {
      firstPage: first,
      pageCount: Math.min(endPage, this.#endPage) - first,
      offset: this.#firstOffset + (first - this.#firstPage) * PAGE_BYTES,
      granted: granted[permissions] ?? 0,
    });
  }

  /** What a walk for an access would read now; changes nothing, and holds until the next is asked for. */
  recordWalk(page: number, need: Need, regime: Regime): WalkTrace {
    this.#tables.begin(regime, false);
    return this.#recorder.record(page, need, regime);
  }

  #find(page: number, regime: Regime): TlbEntry | undefined {
    return this.tlb.lookup(page, regime.tag, regime.globalTag);
  }

  #permits(entry: TlbEntry, need: Need, regime: Regime): boolean {
    return (
      (entry.allowed & need) !== 0 &&
      entry.permissionCode === regime.permissionCode &&
      entry.protection === this.#ports.pmp.generation
    );
  }

  /** Walks the tables and caches what they say, in place of an entry that did not allow the access. */
  #walk(
    cached: TlbEntry | undefined,
    page: number,
    offset: number,
    need: Need,
    regime: Regime,
  ): TlbEntry {
    this.#tables.begin(regime, true);
    const outcome = this.#walker.walk(page, need, regime);
    if (outcome !== 'found') {
      if (cached === undefined) this.#announceWalk();
      return this.#raiseWalkFault(outcome, page, offset, need, regime);
    }
    // The tables have changed since, and the page is global no more, or only now.
    const tag = this.#walkedTag(regime);
    if (cached !== undefined && cached.tag !== tag) this.tlb.drop(cached);
    return this.#keep(this.tlb.placeFor(page, tag), page, regime);
  }

  #announceWalk(): void {
    const { stage1Reads, stage2Reads } = this.#walker;
    if (stage1Reads + stage2Reads > 0) this.#ports.onWalk(stage1Reads, stage2Reads);
  }

  /** The label under which the page belongs to which the walk led. */
  #walkedTag(regime: Regime): number {
    return this.#walker.isGlobal ? regime.globalTag : regime.tag;
  }

  /** Caches what the walk found, at its place in the TLB. */
  #keep(place: number, page: number, regime: Regime): TlbEntry {
    this.#announceWalk();
    const { tlb } = this;
    const walker = this.#walker;
    const entry = tlb.claim(place, page, this.#walkedTag(regime), walker.isGlobal);
    entry.hold(walker, regime, this.#memoryOffsetOf(walker.page));
    tlb.dependOn(entry, walker);
    return entry;
  }

  #raiseWalkFault(
    kind: FaultKind,
    page: number,
    offset: number,
    need: Need,
    regime: Regime,
  ): never {
    const { isImplicit, isUpdate, guestPage, guestOffset } = this.#walker;
    const isReported =
      kind === 'guestPage' ||
      (kind === 'access' && this.#isMemoryCheck(this.#tables.isRefused, regime));
    return this.#ports.raise({
      kind,
      access: accessOf(need),
      address: addressOf(page, offset),
      isGuestVirtual: regime.virtual,
      guestAddress: isReported
        ? addressOf(guestPage, isImplicit ? guestOffset : offset)
        : undefined,
      implicit: kind === 'guestPage' && isImplicit,
      isUpdate,
    });
  }

  /** Whether a refusal is physical memory checking's, whose handler wants the guest physical address. */
  #isMemoryCheck(refused: boolean, regime: Regime): boolean {
    return refused && regime.virtual && this.#ports.pmp.options.kind === 'ranges';
  }

  /** Where a physical page sits in the machine's memory; negative when it is not wholly RAM. */
  #memoryOffsetOf(page: number): number {
    if (page >= this.#firstPage && page < this.#endPage) {
      return this.#firstOffset + (page - this.#firstPage) * PAGE_BYTES;
    }
    if (page > LAST_PAGE) return NOWHERE;
    const frame = page * PAGE_BYTES;
    const window = this.#ports.bus.ram(frame);
    if (window?.isWritable !== true || frame + PAGE_BYTES > window.base + window.size) {
      return NOWHERE;
    }
    this.#firstPage = Math.ceil(window.base / PAGE_BYTES);
    this.#endPage = Math.floor((window.base + window.size) / PAGE_BYTES);
    this.#firstOffset = window.offset + (this.#firstPage * PAGE_BYTES - window.base);
    return this.#memoryOffsetOf(page);
  }

  /** Notes what a hit on an entry may do; the permissions of memory protection, `undefined` where they differ inside the page. */
  #authorize(entry: TlbEntry, regime: Regime): number | undefined {
    const { pmp } = this.#ports;
    const { physicalPage } = entry;
    const whole = physicalPage > LAST_PAGE ? 0 : pmp.pagePermissions(physicalPage, regime);
    const needs = whole === undefined ? 0 : tableNeeds(entry, regime) & (granted[whole] ?? 0);
    entry.allow(needs, regime.permissionCode, pmp.generation);
    return whole;
  }

  /** Applies memory protection to an entry whose tables allow the access. */
  #protect(entry: TlbEntry, offset: number, bytes: number, need: Need, regime: Regime): TlbEntry {
    const whole = this.#authorize(entry, regime);
    const permissions = whole ?? this.#ports.pmp.permissions(entry.frame + offset, bytes, regime);
    if (isGranted(permissions, need)) return entry;
    return this.#ports.raise({
      kind: 'access',
      access: accessOf(need),
      address: addressOf(entry.page, offset),
      isGuestVirtual: regime.virtual,
      guestAddress: this.#isMemoryCheck(entry.frame <= Number.MAX_SAFE_INTEGER, regime)
        ? addressOf(entry.guestPage, offset)
        : undefined,
      implicit: false,
      isUpdate: false,
    });
  }
}

function addressOf(page: number, offset: number): bigint {
  return (BigInt(page) << BigInt(PAGE_SHIFT)) | BigInt(offset);
}

/** The set of needs that the tables' permissions, as cached, meet. */
function tableNeeds(entry: TlbEntry, regime: Regime): number {
  const { stage1Bits, stage2Bits, hasStage1 } = entry;
  const needs = leafNeeds(stage1Bits, regime.stage1Mxr) & leafNeeds(stage2Bits, regime.stage2Mxr);
  return hasStage1 ? needs & userNeeds(stage1Bits, regime.user, regime.sum) : needs;
}
