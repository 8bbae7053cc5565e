import { LINE_BYTES } from './cache-lines.ts';
import type { DataCache } from './data-cache.ts';
import { EventCounts } from './event-counts.ts';
import { L2Tlb } from './l2-tlb.ts';
import type { MemoryParameters } from './memory-parameters.ts';
import { ACCESS } from './pipeline-distances.ts';
import { PteCache } from './pte-cache.ts';
import type { StateArea } from './state-area.ts';
import type { FenceScope } from './translation-buffer.ts';
import type { WalkTrace } from './walk-trace.ts';

const counted = {
  walks: 'translations that were missing',
  reads: 'table entries read through the data cache',
  remembered: 'table entries that the walker knew',
  l2Hits: 'translations that the L2 TLB held',
} as const;

/** From a request to the walker to its own first request. */
const START = 1;
/** From the arrival of an entry to what follows from it: the next request, or the answer. */
const NEXT = 2;
/** A remembered entry takes this long. */
const REMEMBERED = 1;
/** From a request to the answer of the L2 TLB, which is read in two cycles. */
const L2_HIT = 3;

/**
 * The page table walker of a core, which reads one entry at a time through the data cache (Rocket, `PTW.scala`). It
 * remembers pointers to tables: those of the one stage, or of stage 2 below a guest's; and for a guest, what both stages say about
 * a table of stage 1.
 */
export class TableWalker {
  readonly counts: EventCounts<keyof typeof counted>;
  readonly #parameters: MemoryParameters;
  readonly #cache: DataCache;
  readonly #pointers: PteCache;
  readonly #guestTables: PteCache;
  readonly #l2: L2Tlb;
  /** Of the walk being timed: when the next request can be made, and the entry that comes next. */
  #time = 0;
  #next = 0;

  constructor(parameters: MemoryParameters, cache: DataCache, area: StateArea) {
    this.#parameters = parameters;
    this.#cache = cache;
    this.counts = new EventCounts(counted, area);
    this.#pointers = new PteCache(parameters.pteCacheEntries, area);
    this.#guestTables = new PteCache(parameters.stage2PteCacheEntries, area);
    this.#l2 = new L2Tlb(parameters.l2TlbEntries, area);
  }

  /** Power-on. */
  reset(): void {
    this.#pointers.reset();
    this.#guestTables.reset();
    this.#l2.reset();
    this.counts.reset();
  }

  /** A fence of translations; `forgetsTables` if it is one of all addresses, or of stage 2. */
  fence(scope: FenceScope, forgetsTables: boolean): void {
    this.#l2.fence(scope);
    if (!forgetsTables) return;
    this.#pointers.flush();
    this.#guestTables.flush();
  }

  /** Finds a page for a TLB that asks at a time: when the answer is there. */
  walk(page: number, trace: WalkTrace, time: number): number {
    this.counts.each.walks.add();
    const asksL2 = this.#l2.serves(trace);
    if (asksL2 && this.#l2.finds(page, trace.isVirtual)) {
      // The request that was made meanwhile is dropped.
      this.counts.each.l2Hits.add();
      return time + L2_HIT;
    }
    if (asksL2) this.#l2.fill(page, trace);
    return this.#walkTables(trace, time);
  }

  #walkTables(trace: WalkTrace, time: number): number {
    this.#time = time + START;
    this.#next = 0;
    if (trace.hasStage1 && trace.hasStage2) this.#walkBoth(trace);
    else this.#descend(trace, !trace.isVirtual);
    const isSuperpage = trace.shift > 12;
    return this.#time + (isSuperpage ? this.#parameters.walkSuperpage : 0);
  }

  /** Stage 1, each table of which stage 2 has to find first; then stage 2 for the page itself. */
  #walkBoth(trace: WalkTrace): void {
    let isPointer = true;
    while (isPointer && this.#next < trace.count) {
      const entry = this.#afterLeaf(trace);
      if (entry >= trace.count) break;
      isPointer = trace.pointers[entry] === 1;
      const address = trace.addresses[entry] ?? 0;
      if (isPointer && this.#guestTables.finds(address)) {
        this.counts.each.remembered.add();
        this.#time += REMEMBERED;
        this.#next = entry + 1;
        continue;
      }
      this.#descend(trace, true);
      this.#read(address);
      if (isPointer) this.#guestTables.add(address);
    }
    this.#descend(trace, true);
  }

  /** The place behind the next leaf in a trace. */
  #afterLeaf({ count, pointers }: WalkTrace): number {
    let entry = this.#next;
    while (entry < count && pointers[entry] === 1) entry += 1;
    return entry + 1;
  }

  /** Goes down one tree of tables to its leaf, or as far as the walk got. */
  #descend({ count, addresses, pointers }: WalkTrace, remembers: boolean): void {
    let isPointer = true;
    while (isPointer && this.#next < count) {
      const address = addresses[this.#next] ?? 0;
      isPointer = pointers[this.#next] === 1;
      if (isPointer && remembers && this.#pointers.finds(address)) {
        this.counts.each.remembered.add();
        this.#time += REMEMBERED;
        this.#next += 1;
        continue;
      }
      this.#read(address);
      if (isPointer && remembers) this.#pointers.add(address);
    }
  }

  #read(address: number): void {
    this.counts.each.reads.add();
    const line = Math.floor(address / LINE_BYTES);
    this.#time = this.#cache.walk(line, this.#time + ACCESS) + NEXT;
    this.#next += 1;
  }
}
