import { CacheLines, NOWHERE } from './cache-lines.ts';
import { EventCounts } from './event-counts.ts';
import type { InclusiveCache } from './inclusive-cache.ts';
import { Lfsr } from './lfsr.ts';
import type { MemoryParameters } from './memory-parameters.ts';
import type { StateArea } from './state-area.ts';

/** The L1 instruction cache of a core: blocking, random replacement, no prefetch (Rocket, `ICache.scala`). */
export class InstructionCache {
  readonly counts: EventCounts<'misses'>;
  /** Told of each place whose line makes room for another; of none where all are dropped. */
  onLeave: ((place: number | undefined) => void) | undefined;
  readonly #lines: CacheLines;
  readonly #lfsr: Lfsr;
  readonly #wayBits: number;
  readonly #l2: InclusiveCache;

  constructor(parameters: MemoryParameters, l2: InclusiveCache, area: StateArea) {
    const { instructionCacheSets: sets, instructionCacheWays: ways } = parameters;
    this.#lines = new CacheLines({ sets, ways }, area);
    this.#lfsr = new Lfsr(area);
    this.counts = new EventCounts({ misses: 'lines fetched from the L2' }, area);
    this.#wayBits = Math.log2(ways);
    this.#l2 = l2;
  }

  /** Power-on. */
  reset(): void {
    this.flush();
    this.#lfsr.reset();
    this.counts.reset();
  }

  /** Drops every line, as FENCE.I does. */
  flush(): void {
    this.onLeave?.(undefined);
    this.#lines.clear();
  }

  /** How many places there are. */
  get places(): number {
    return this.#lines.places;
  }

  /** Where a line is, if it is there. */
  placeOf(line: number): number | undefined {
    const place = this.#lines.find(line);
    return place === NOWHERE ? undefined : place;
  }

  /** Whether a line is there; changes nothing. */
  holds(line: number): boolean {
    return this.#lines.find(line) !== NOWHERE;
  }

  /** Fetches a line that is not there, by a request that leaves at a time: when the last beat is there. */
  refill(line: number, time: number): number {
    // The random number advances with the request, and the line takes the way that it then tells.
    this.#lfsr.step();
    this.counts.each.misses.add();
    const place = this.#lines.place(line, this.#lfsr.bits(0, this.#wayBits));
    this.onLeave?.(place);
    this.#lines.put(place, line);
    return this.#l2.get(line, time);
  }
}
