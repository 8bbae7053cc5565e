import { LINE_BYTES } from './cache-lines.ts';
import { type DataAccess, DataCache, type DataCacheLayout } from './data-cache.ts';
import { type ComponentCounts, EventCounts } from './event-counts.ts';
import { FetchStream, packetOf } from './fetch-stream.ts';
import type { InclusiveCache, InclusiveCacheLayout } from './inclusive-cache.ts';
import { InstructionCache } from './instruction-cache.ts';
import type { MemoryParameters } from './memory-parameters.ts';
import { DECODE_TO_ACCESS, DECODE_TO_COMMIT, FETCH, FETCH_RETRY } from './pipeline-distances.ts';
import type { StateArea } from './state-area.ts';
import { TableWalker } from './table-walker.ts';
import {
  type FenceScope,
  TranslationBuffer,
  type TranslationPlaces,
} from './translation-buffer.ts';
import type { WalkTrace } from './walk-trace.ts';

/** From the decision about an access to the request that its TLB miss makes; of a fetch, from the answer of the cache. */
const MISS_TO_WALK = 0;

/** What generated code must know of a core's caches, and where it finds them in the machine's memory. */
export interface CoreMemoryLayout {
  readonly l2: InclusiveCacheLayout;
  /** Of the first core. */
  readonly data: DataCacheLayout;
  readonly translations: TranslationPlaces;
  /** See `FetchStream.replayed`. */
  readonly replayed: FetchStream['replayed'];
  /** From what belongs to a core to what belongs to the next. */
  readonly stride: number;
}

/**
 * Caches, TLBs and walker of one core as its pipeline sees them: it says in which cycle it would commit an instruction if
 * nothing were missing, and is told in which cycle it can.
 */
export class CoreMemory {
  /** Number of the core. */
  readonly number: number;
  /** Beats of a line on the way from the L2. */
  readonly beats: number;
  /** The TLBs. */
  readonly translations: { readonly fetch: TranslationBuffer; readonly data: TranslationBuffer };
  readonly #fetches: FetchStream;
  readonly #instructions: InstructionCache;
  readonly #data: DataCache;
  readonly #fetchTranslations: TranslationBuffer;
  readonly #dataTranslations: TranslationBuffer;
  readonly #walker: TableWalker;
  readonly #fetchMisses: EventCounts<'misses'>;
  readonly #dataMisses: EventCounts<'misses'>;

  constructor(parameters: MemoryParameters, l2: InclusiveCache, hart: number, area: StateArea) {
    this.number = hart;
    this.beats = Math.ceil(LINE_BYTES / parameters.systemBusBytes);
    this.#fetches = new FetchStream(area);
    this.#instructions = new InstructionCache(parameters, l2, area);
    this.#data = new DataCache(parameters, l2, hart, area);
    this.#fetchTranslations = new TranslationBuffer(parameters, area);
    this.#dataTranslations = new TranslationBuffer(parameters, area);
    this.translations = { fetch: this.#fetchTranslations, data: this.#dataTranslations };
    this.#walker = new TableWalker(parameters, this.#data, area);
    const missed = { misses: 'translations that the walker had to find' } as const;
    this.#fetchMisses = new EventCounts(missed, area);
    this.#dataMisses = new EventCounts(missed, area);
    l2.connect(this.#data);
  }

  /** Where generated code finds what belongs to this core. */
  get layout(): Omit<CoreMemoryLayout, 'l2' | 'stride'> {
    return {
      data: this.#data.layout,
      translations: this.#dataTranslations.places,
      replayed: this.#fetches.replayed,
    };
  }

  /** What its components have counted since power-on. */
  get counts(): ComponentCounts {
    return {
      'instruction-cache': this.#instructions.counts,
      'data-cache': this.#data.counts,
      'fetch-tlb': this.#fetchMisses,
      'data-tlb': this.#dataMisses,
      walker: this.#walker.counts,
    };
  }

  /** Power-on. */
  reset(): void {
    this.#fetches.reset();
    this.#instructions.reset();
    this.#data.reset();
    this.#fetchTranslations.reset();
    this.#dataTranslations.reset();
    this.#walker.reset();
    this.#fetchMisses.reset();
    this.#dataMisses.reset();
  }

  /** A committing instruction sent the front end somewhere: a trap, a return, a flush. */
  redirect(time: number): void {
    this.#fetches.redirect(time);
  }

  /** The front end went on where a prediction led it. */
  speculate(): void {
    this.#fetches.speculate();
  }

  /** FENCE.I. */
  flushInstructions(): void {
    this.#instructions.flush();
  }

  /** A fence of translations. */
  fence(scope: FenceScope, forgetsTables: boolean): void {
    this.#fetchTranslations.fence(scope);
    this.#dataTranslations.fence(scope);
    this.#walker.fence(scope, forgetsTables);
  }

  /**
   * The packet of four bytes at a physical address is fetched for an instruction that would commit at a time, and `straddles`
   * if it begins in the packet before.
   */
  fetch(address: number, straddles: boolean, time: number): number {
    const certain = this.#fetches.next(address, time);
    const line = Math.floor(address / LINE_BYTES);
    if (this.#instructions.holds(line)) {
      return certain === undefined ? time : Math.max(time, certain + DECODE_TO_COMMIT);
    }
    const found = this.#refill(line, certain ?? time + FETCH + (straddles ? 1 : 0));
    const arrived = found - DECODE_TO_COMMIT;
    if (!this.isFetchSettled) this.#fetches.arrived(arrived);
    else if (!straddles) this.#fetches.replay(packetOf(address), arrived - FETCH, found);
    return Math.max(time, found);
  }

  /** Whether nothing about the next fetch depends on how it came there. */
  get isFetchSettled(): boolean {
    return this.#fetches.isSettled;
  }

  /** Whether the TLB of fetches has a page, whose entry then counts as used. */
  findsFetchPage(page: number, isVirtual: boolean): boolean {
    return this.#fetchTranslations.finds(page, isVirtual);
  }

  /** Walks for a fetch whose instruction would commit at a time. */
  walkForFetch(page: number, trace: WalkTrace, time: number): number {
    this.#fetchMisses.each.misses.add();
    const asked = time - DECODE_TO_COMMIT + MISS_TO_WALK;
    const answered = this.#walker.walk(page, trace, asked);
    this.#fetchTranslations.fill(page, trace);
    // The first of the tries, two cycles apart, that finds the translation there.
    return time + roundUp(answered + 2 - asked, FETCH_RETRY);
  }

  /** Whether the TLB of data has a page, whose entry then counts as used. */
  findsDataPage(page: number, isVirtual: boolean): boolean {
    return this.#dataTranslations.finds(page, isVirtual);
  }

  /**
   * Walks for an access whose instruction would commit at a time, and has to begin anew; `straddles` if that is fetched in two
   * packets.
   */
  walkForData(page: number, trace: WalkTrace, time: number, straddles = false): number {
    this.#dataMisses.each.misses.add();
    const answered = this.#walker.walk(page, trace, time + MISS_TO_WALK);
    this.#dataTranslations.fill(page, trace);
    return answered + DECODE_TO_ACCESS + (straddles ? 1 : 0) + DECODE_TO_COMMIT;
  }

  /**
   * An access to a physical address of main memory by an instruction that would commit at a time, and `straddles` if it is fetched in
   * two packets.
   */
  access(address: number, kind: DataAccess, straddles: boolean, time: number): number {
    return this.#data.access(Math.floor(address / LINE_BYTES), kind, straddles, time);
  }

  /** The packet that was fetched last. */
  get fetchedPacket(): number {
    return this.#fetches.packet;
  }

  /** An instruction that ends in a packet, and would commit at a time, has begun anew and commits at another. */
  replay(packet: number, time: number, until: number): void {
    this.#fetches.replay(packet, time, until);
  }

  /** A CBO on the block at a physical address of main memory, by an instruction that would commit at a time. */
  giveUp(address: number, keeps: boolean, time: number): number {
    return this.#data.giveUp(Math.floor(address / LINE_BYTES), keeps, time);
  }

  /** The data cache, for a pipeline that goes through its stages itself. */
  get data(): DataCache {
    return this.#data;
  }

  /** Where generated code finds the TLB of data. */
  get dataTranslations(): TranslationPlaces {
    return this.#dataTranslations.places;
  }

  /** The instruction cache, for the same. */
  get instructions(): InstructionCache {
    return this.#instructions;
  }

  /** Walks for a fetch that asks the walker at a time: when it answers. */
  answerFetch(page: number, trace: WalkTrace, time: number): number {
    this.#fetchMisses.each.misses.add();
    const answered = this.#walker.walk(page, trace, time);
    this.#fetchTranslations.fill(page, trace);
    return answered;
  }

  /** Walks for an access that asks the walker at a time: when it answers. */
  answerData(page: number, trace: WalkTrace, time: number): number {
    this.#dataMisses.each.misses.add();
    const answered = this.#walker.walk(page, trace, time);
    this.#dataTranslations.fill(page, trace);
    return answered;
  }

  /** Fetches a line, whose miss is known at a time: when an instruction in it can commit. */
  #refill(line: number, time: number): number {
    const last = this.#instructions.refill(line, time);
    return time + roundUp(last + 1 + FETCH - time, FETCH_RETRY) + DECODE_TO_COMMIT;
  }
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
