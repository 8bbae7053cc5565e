import { CacheLines, LINE_BYTES, NO_LINE, NOWHERE } from './cache-lines.ts';
import type { Ddr3Parameters } from './ddr3-parameters.ts';
import { EventCounts } from './event-counts.ts';
import { Lfsr } from './lfsr.ts';
import type { MainMemory } from './main-memory.ts';
import type { StateArea } from './state-area.ts';
import { TransactionTable } from './transaction-table.ts';

/** A request waits a cycle in its queue, and a cycle goes by until its tags are there. */
const TAGS = 2;
const QUEUE = 1;

const counted = {
  reads: 'lines asked for by the L2',
  writes: 'lines given back by the L2',
  misses: 'of both, those whose line was absent',
  'write-backs': 'dirty lines written to the DRAM to make room',
} as const;

/**
 * The cache in front of the DRAM model that decides which requests reach it: FASED's `LastLevelCache.scala`. It does one thing
 * at a time: tags, then the beats of a line in or out. Writes of less than one of its lines fetch the rest first, which makes a
 * stream of written lines so much dearer than one of read lines.
 */
export class MemorySideCache implements MainMemory {
  readonly beat = 1;
  readonly counts: EventCounts<keyof typeof counted>;
  readonly #memory: MainMemory;
  readonly #lines: CacheLines;
  readonly #dirty: Uint8Array;
  readonly #lfsr: Lfsr;
  readonly #wayBits: number;
  readonly #ways: number;
  readonly #ratio: number;
  readonly #beats: number;
  readonly #lineBeats: number;
  readonly #fetching: TransactionTable;
  /** From when on it does the next thing. */
  readonly #free: Float64Array;

  constructor(parameters: Ddr3Parameters, memory: MainMemory, area: StateArea) {
    const { cacheSets: sets, cacheWays: ways, cacheLineBytes, busBytes } = parameters;
    this.#memory = memory;
    this.counts = new EventCounts(counted, area);
    this.#lines = new CacheLines({ sets, ways }, area);
    this.#dirty = area.flags(this.#lines.places);
    this.#lfsr = new Lfsr(area);
    this.#ways = ways;
    this.#wayBits = Math.log2(ways);
    this.#ratio = cacheLineBytes / LINE_BYTES;
    this.#beats = Math.ceil(LINE_BYTES / busBytes);
    this.#lineBeats = Math.ceil(cacheLineBytes / busBytes);
    this.#fetching = new TransactionTable(area);
    this.#free = area.numbers(1);
  }

  read(line: number, time: number): number {
    this.counts.each.reads.add();
    const block = Math.floor(line / this.#ratio);
    const tags = this.#start(block, time);
    if (this.#lines.find(block) !== NOWHERE) {
      this.#free[0] = tags + this.#beats;
      return tags;
    }
    this.#replace(block, tags);
    return this.#fetch(block, tags);
  }

  write(line: number, time: number): number {
    this.counts.each.writes.add();
    const block = Math.floor(line / this.#ratio);
    const tags = this.#start(block, time - this.#beats + 1);
    let place = this.#lines.find(block);
    let taken = tags;
    if (place === NOWHERE) {
      place = this.#replace(block, tags);
      taken = this.#free[0] ?? tags;
      if (this.#beats < this.#lineBeats) {
        this.#free[0] = taken + this.#beats;
        this.#fetch(block, tags);
      }
    }
    this.#dirty[place] = 1;
    const last = Math.max(taken + this.#beats, time);
    this.#free[0] = Math.max(this.#free[0] ?? 0, last);
    return last;
  }

  /** When the tags of a block are known for a request that comes at a time. */
  #start(block: number, time: number): number {
    const free = Math.max(time + QUEUE, this.#free[0] ?? 0);
    return this.#fetching.start(this.#lines.setOf(block), free) + TAGS - QUEUE;
  }

  /** Takes a place for a block, an empty one if there is any; a dirty block is written back first. */
  #replace(block: number, tags: number): number {
    this.counts.each.misses.add();
    this.#free[0] = tags;
    for (let way = 0; way < this.#ways; way++) {
      const place = this.#lines.place(block, way);
      if (this.#lines.at(place) === NO_LINE) return this.#put(place, block);
    }
    this.#lfsr.step();
    const place = this.#lines.place(block, this.#lfsr.bits(0, this.#wayBits));
    const victim = this.#lines.at(place);
    if (victim !== NO_LINE && this.#dirty[place] === 1) {
      const written = tags + this.#lineBeats;
      this.counts.each['write-backs'].add();
      this.#memory.write(victim * this.#ratio, written);
      this.#free[0] = written;
    }
    return this.#put(place, block);
  }

  #put(place: number, block: number): number {
    this.#lines.put(place, block);
    this.#dirty[place] = 0;
    return place;
  }

  /** Reads a block from memory: when its first beat is there. */
  #fetch(block: number, tags: number): number {
    const arrived = this.#memory.read(block * this.#ratio, tags + QUEUE);
    const start = Math.max(arrived, this.#free[0] ?? 0);
    this.#free[0] = start + this.#lineBeats;
    this.#fetching.hold(this.#lines.setOf(block), start);
    return start;
  }
}
