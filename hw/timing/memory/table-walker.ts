import { LINE_BYTES } from './cache-lines.ts';
import type { DataCache } from './data-cache.ts';
import { EventCounts } from './event-counts.ts';
import type { MemoryParameters } from './memory-parameters.ts';
import { ACCESS } from './pipeline-distances.ts';
import { PteCache } from './pte-cache.ts';
import type { StateArea } from './state-area.ts';
import type { WalkTrace } from './walk-trace.ts';

const counted = {
  walks: 'translations that were missing',
  reads: 'table entries read through the data cache',
  remembered: 'table entries that the walker knew',
} as const;

/** From a request to the walker to its own first request. */
const START = 1;
/** From the arrival of an entry to what follows from it: the next request, or the answer. */
const NEXT = 2;
/** A remembered entry takes this long. */
const REMEMBERED = 1;

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
  /** Of the walk being timed: when the next request can be made, and the entry that comes next. */
  #time = 0;
  #next = 0;

  constructor(parameters: MemoryParameters, cache: DataCache, area: StateArea) {
    this.#parameters = parameters;
    this.#cache = cache;
    this.counts = new EventCounts(counted, area);
    this.#pointers = new PteCache(parameters.pteCacheEntries, area);
    this.#guestTables = new PteCache(parameters.stage2PteCacheEntries, area);
  }

  /** Power-on. */
  reset(): void {
    this.#pointers.reset();
    this.#guestTables.reset();
    this.counts.reset();
  }

  /** Forgets the entries it remembers. */
  flush(): void {
    this.#pointers.flush();
    this.#guestTables.flush();
  }

  /** Makes a walk for a TLB that asks at a time: when the answer is there. */
  walk(trace: WalkTrace, time: number): number {
    this.counts.add('walks');
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
        this.counts.add('remembered');
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
        this.counts.add('remembered');
        this.#time += REMEMBERED;
        this.#next += 1;
        continue;
      }
      this.#read(address);
      if (isPointer && remembers) this.#pointers.add(address);
    }
  }

  #read(address: number): void {
    this.counts.add('reads');
    const line = Math.floor(address / LINE_BYTES);
    this.#time = this.#cache.walk(line, this.#time + ACCESS) + NEXT;
    this.#next += 1;
  }
}
