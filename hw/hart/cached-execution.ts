import {
  type CompiledCode,
  type HartState,
  type LineFilter,
  NEVER_LEFT,
  RunWord,
} from '../engine/index.ts';
import { instructionLength, PAGE_BYTES } from '../isa/index.ts';
import { packetOf } from '../timing/index.ts';
import { CachedLines } from './cached-lines.ts';
import type { Fetched, MemoryTiming } from './memory-timing.ts';
import { type Mmu, Need } from './mmu/index.ts';
import type { Reservations } from './reservations.ts';

/** What generated code beside caches is wired to. */
export interface CachedExecutionPorts {
  readonly code: CompiledCode;
  readonly buffer: ArrayBuffer;
  readonly filterOffset: number;
  readonly state: HartState;
  readonly mmu: Mmu;
  readonly reservations: Reservations;
  readonly timing: MemoryTiming;
  readonly filter: LineFilter;
  /** Words that generated code and its caller hand each other (`RunWord`). */
  readonly words: Uint32Array;
}

const IN_PAGE = PAGE_BYTES - 1;
const PARCEL = 2;
const PACKET = 3;

/** Lets generated code wait for caches and TLBs, in the cycles in which the instruction unit would, and keeps what it takes for hits. */
export class CachedExecution {
  readonly #ports: CachedExecutionPorts;
  readonly #lines: CachedLines;
  readonly #halfwords: Uint16Array;
  readonly #fetched = { packet: 0, straddles: false };
  /** Where entries begin whose slot was asked for last, and that. */
  #base = 0;
  #baseSlot = 0;

  constructor(ports: CachedExecutionPorts) {
    const { timing, buffer } = ports;
    this.#ports = ports;
    this.#lines = new CachedLines({ ...ports, core: timing.core });
    this.#halfwords = new Uint16Array(buffer);
  }

  /** Generated code begins, with so many cycles left. */
  begin(left: number): void {
    const { timing, state, words } = this.#ports;
    const isBehind = timing.core.data.isBehindFirstWrite(state.cycle);
    words[RunWord.soiled] = isBehind ? left : NEVER_LEFT;
    words[RunWord.fetchedLeft] = NEVER_LEFT;
    words[RunWord.number] = timing.core.number;
  }

  /** Whether the next instruction has been fetched, for which time has passed. */
  get hasFetched(): boolean {
    const { words } = this.#ports;
    return words[RunWord.fetchedLeft] === words[RunWord.left];
  }

  /** Whether the next fetch takes no time that depends on where control came from. */
  get isFetchSettled(): boolean {
    return this.#ports.timing.core.isFetchSettled;
  }

  /** Whether the instruction at a place of the page whose entries begin at `base` is in the instruction cache. */
  finds(base: number, inPage: number): boolean {
    const { pages } = this.#ports.code;
    const slot = pages.slotOf(base);
    const last = Math.min(inPage + this.#lengthAt(slot, inPage) - 1, IN_PAGE);
    this.#ports.words[RunWord.fetched] = this.#notes(slot, this.#lines.frameOf(slot));
    return this.#lines.holdsCode(slot, inPage) && this.#lines.holdsCode(slot, last);
  }

  /** Where the lines of the page are noted whose entries begin at `base`, and which lies at a physical address. */
  notesOf(base: number, frame: number): number {
    return this.#notes(this.#ports.code.pages.slotOf(base), frame);
  }

  #notes(slot: number, frame: number): number {
    return this.#lines.notesOf(slot, frame, this.#ports.code.pages.pageAt(slot));
  }

  /** Decoded code is no longer where it was. */
  forgetCode(): void {
    this.#lines.forgetCode();
  }

  /** See `CompiledClient.fill`; the address is aligned. */
  fill(
    high: number,
    low: number,
    isWrite: boolean,
    spare: number,
    left: number,
    place: number,
  ): number {
    const { mmu, timing, reservations, code, filter, words } = this.#ports;
    const need = isWrite ? Need.write : Need.read;
    const { data } = mmu.regimes;
    const entry = mmu.reach(high, low, need, data);
    if (entry === undefined || entry.memoryOffset < 0) return 0;
    const inPage = low & IN_PAGE;
    const offset = entry.memoryOffset + inPage;
    const physical = entry.frame + inPage;
    if (isWrite && (code.pages.holdsCode(offset) || reservations.isReserved(physical))) return 0;
    const fetched = this.#fetchedAt(place);
    const now = this.#cycleWith(left);
    const walked = timing.translateDataAt(high, low, need, data, fetched, now);
    const kind = isWrite ? 'write' : 'read';
    const done = now + walked + timing.accessAt(physical, kind, fetched, now + walked);
    const owed = (words[RunWord.owed] ?? 0) + done - now;
    words[RunWord.owed] = owed;
    // A TLB that has let go of many pages has emptied the tables in force.
    if (!filter.isSettled) filter.settle();
    if (owed > spare) return 0;
    this.#lines.cover(high, low, physical, offset, isWrite);
    const { stage1, stage2, virtual: isVirtual } = data;
    const isTranslated = stage1 !== undefined || stage2 !== undefined;
    const isFree = !reservations.anyHeld;
    filter.addPage(high, low, offset, entry.frame, { isWrite, isFree, isTranslated, isVirtual });
    if (timing.core.data.isBehindFirstWrite(done + 1)) words[RunWord.soiled] = left - owed - 1;
    words[RunWord.owed] = 0;
    words[RunWord.walked] = (words[RunWord.walked] ?? 0) + owed;
    return 1 + owed;
  }

  /** See `CompiledClient.fetchLine`. */
  fetchLine(high: number, low: number, left: number): number {
    const { timing, words, mmu } = this.#ports;
    // Its TLB has the page of code that runs.
    timing.hasFetchPage(high, low, mmu.regimes.fetch);
    const waited = this.#fetch(low & IN_PAGE, this.#cycleWith(left));
    if (waited === 0) return 0;
    words[RunWord.walked] = (words[RunWord.walked] ?? 0) + waited;
    words[RunWord.fetchedLeft] = left - waited;
    return waited;
  }

  /** Fetches the instruction at an address in the current page, which is executed next. */
  fetchNow(high: number, low: number): void {
    const { timing, state, mmu } = this.#ports;
    timing.hasFetchPage(high, low, mmu.regimes.fetch);
    this.#fetch(low & IN_PAGE, state.cycle);
  }

  /** Fetches the instruction at a place of the current page in a cycle, and notes its lines: the cycles that pass. */
  #fetch(place: number, cycle: number): number {
    const { timing } = this.#ports;
    const slot = this.#slot;
    const physical = this.#lines.frameOf(slot) + place;
    const last = place + this.#lengthAt(slot, place) - 1;
    let waited = timing.fetchAt(physical, false, cycle);
    const straddles = (place & PACKET) === PARCEL && last > place + 1;
    if (straddles) waited += timing.fetchAt(physical + PARCEL, true, cycle + waited);
    this.#lines.holdsCode(slot, place);
    this.#lines.holdsCode(slot, Math.min(last, IN_PAGE));
    return waited;
  }

  /** The cycle of the hart in which so many are left. */
  #cycleWith(left: number): number {
    const { state, words } = this.#ports;
    const passed = ((words[RunWord.begun] ?? 0) - left - (words[RunWord.walked] ?? 0)) | 0;
    return state.cycle + passed;
  }

  /** The slot of the current page. */
  get #slot(): number {
    const { code, words } = this.#ports;
    const base = words[RunWord.base] ?? 0;
    if (base !== this.#base) {
      this.#base = base;
      this.#baseSlot = code.pages.slotOf(base);
    }
    return this.#baseSlot;
  }

  /** Where the instruction at a place of the current page is fetched; until it is asked again. */
  #fetchedAt(place: number): Fetched {
    const slot = this.#slot;
    const straddles = (place & PACKET) === PARCEL && this.#lengthAt(slot, place) > PARCEL;
    const end = this.#lines.frameOf(slot) + place + (straddles ? PARCEL : 0);
    this.#fetched.packet = packetOf(end);
    this.#fetched.straddles = straddles;
    return this.#fetched;
  }

  /** The length of the instruction at a place of the page of code that has a slot. */
  #lengthAt(slot: number, inPage: number): number {
    const { pages } = this.#ports.code;
    return instructionLength(this.#halfwords[(pages.pageAt(slot) + inPage) >>> 1] ?? 0);
  }
}
