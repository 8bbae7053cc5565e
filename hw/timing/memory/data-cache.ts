import { CacheLines, type CacheLinesLayout, LINE_BYTES, NO_LINE, NOWHERE } from './cache-lines.ts';
import { EventCounts } from './event-counts.ts';
import type { CacheClient, InclusiveCache, Wish } from './inclusive-cache.ts';
import { Lfsr } from './lfsr.ts';
import type { MemoryParameters } from './memory-parameters.ts';
import { ACCESS, DECODE_TO_ACCESS, DECODE_TO_COMMIT, REPLAY } from './pipeline-distances.ts';
import type { StateArea } from './state-area.ts';

/** What an access does to a line; to reserve it needs the right to write, and changes nothing. */
export type DataAccess = 'read' | 'write' | 'reserve';

/** What the cache may do with a line it has. */
export const Right = { read: 0, write: 1, written: 2 } as const;

/** The victim's tag is written once its last beat has left, and then the cache is ready. */
const RELEASE_END = 2;
/** Two cycles that never happened: far before the first. */
const NEVER = -2;

const counted = {
  misses: 'lines asked of the L2, by instructions and the walker',
  upgrades: 'lines that were there, and could not be written',
  'write-backs': 'dirty lines given back to make room',
  probes: 'lines, or rights to write them, that the L2 took back',
} as const;

/** Where generated code finds a data cache in the machine's memory: numbers of lines, and a byte of rights for each. */
export interface DataCachePlaces extends CacheLinesLayout {
  readonly rights: number;
  readonly written: number;
}

/** What generated code must know of it to bring lines. */
export interface DataCacheLayout extends DataCachePlaces {
  readonly lfsr: number;
  /** The cycle (f64) of `isBehindFirstWrite`. */
  readonly firstWrite: number;
  readonly counts: Readonly<Record<keyof typeof counted, number>>;
  readonly releaseStart: number;
  readonly releaseTime: number;
}

/**
 * The L1 data cache of a core: write-back, blocking, random replacement (Rocket, `DCache.scala`). An access that misses
 * has no effect: its instruction comes again when the line is there. A dirty victim is given back before the line is asked
 * for, which takes another attempt.
 */
export class DataCache implements CacheClient {
  readonly counts: EventCounts<keyof typeof counted>;
  /** From the miss that gives a dirty line back to when the cache is ready again. */
  readonly releaseTime: number;
  /** Told of each place whose line is lost, or the right to write it. */
  onLeave: ((place: number) => void) | undefined;
  readonly #lines: CacheLines;
  readonly #rights: Uint8Array;
  readonly #lfsr: Lfsr;
  readonly #wayBits: number;
  readonly #releaseStart: number;
  readonly #l2: InclusiveCache;
  readonly #hart: number;
  /** When a store last took the right to write for the first time. */
  readonly #firstWrite: Float64Array;

  constructor(parameters: MemoryParameters, l2: InclusiveCache, hart: number, area: StateArea) {
    const { dataCacheSets: sets, dataCacheWays: ways, releaseStart, systemBusBytes } = parameters;
    this.#lines = new CacheLines({ sets, ways }, area);
    this.#rights = area.flags(this.#lines.places);
    this.#lfsr = new Lfsr(area);
    this.#wayBits = Math.log2(ways);
    this.#firstWrite = area.numbers(1);
    this.counts = new EventCounts(counted, area);
    this.#releaseStart = releaseStart;
    this.releaseTime = releaseStart + Math.ceil(LINE_BYTES / systemBusBytes) - 1 + RELEASE_END;
    this.#l2 = l2;
    this.#hart = hart;
  }

  /** Where generated code finds its lines, and what it may do with each; all of it where `written` stands. */
  get places(): DataCachePlaces {
    return { ...this.#lines.layout, rights: this.#rights.byteOffset, written: Right.written };
  }

  /** Where generated code finds all of it. */
  get layout(): DataCacheLayout {
    return {
      ...this.places,
      lfsr: this.#lfsr.place,
      firstWrite: this.#firstWrite.byteOffset,
      counts: this.counts.layout,
      releaseStart: this.#releaseStart,
      releaseTime: this.releaseTime,
    };
  }

  /** Power-on. */
  reset(): void {
    this.#lines.clear();
    this.#lfsr.reset();
    this.#firstWrite[0] = NEVER;
    this.counts.reset();
  }

  /**
   * An instruction's access in the cycle in which it would commit: when it does. One that is fetched in two packets is decoded
   * a cycle later when it comes again, since the second is not looked at before.
   */
  access(line: number, kind: DataAccess, straddles: boolean, time: number): number {
    const late = straddles ? 1 : 0;
    // A store that makes a line dirty writes its tag, and the access right behind it has to come again.
    const start = this.isBehindFirstWrite(time) ? time + REPLAY + late : time;
    const found = this.#lines.find(line);
    if (found !== NOWHERE && this.#mayAccess(found, kind, start)) return start;
    const place = found === NOWHERE ? this.#placeToTake(line) : found;
    const asked = this.mustRelease(line, place)
      ? this.#retry(this.release(place, start), start, late)
      : start;
    return this.refill(line, place, kind, asked) + late + DECODE_TO_COMMIT;
  }

  /** How many places there are. */
  get placeCount(): number {
    return this.#lines.places;
  }

  /** Where a line is that may be accessed without any change of the cache, if it is there. */
  placeOf(line: number, kind: 'read' | 'write'): number | undefined {
    const place = this.#lines.find(line);
    const isThere = place !== NOWHERE && (kind === 'read' || this.#rights[place] === Right.written);
    return isThere ? place : undefined;
  }

  /** Whether an access in a cycle comes right behind the first store to a line, so that it has to come again. */
  isBehindFirstWrite(time: number): boolean {
    return (this.#firstWrite[0] ?? NEVER) + 1 === time;
  }

  /** Whether an access finds its line, and is the first to write it, so that it writes its tag. */
  find(line: number, kind: DataAccess): 'misses' | 'hits' | 'soils' {
    const place = this.#lines.find(line);
    if (place === NOWHERE) return 'misses';
    const right = this.#rights[place];
    if (kind === 'read' || right === Right.written) return 'hits';
    if (right !== Right.write) return 'misses';
    if (kind !== 'write') return 'hits';
    this.#rights[place] = Right.written;
    this.#firstWrite[0] = NEVER;
    return 'soils';
  }

  /** The place that a line has, or will take. */
  placeFor(line: number): number {
    const place = this.#lines.find(line);
    return place === NOWHERE ? this.#placeToTake(line) : place;
  }

  /** Whether there is a dirty line in the place that another will take. */
  mustRelease(line: number, place: number): boolean {
    if (this.#rights[place] !== Right.written) return false;
    const victim = this.#lines.at(place);
    return victim !== line && victim !== NO_LINE;
  }

  /** Gives back the line at a place: when that is answered. */
  release(place: number, time: number): number {
    const victim = this.#lines.at(place);
    this.#drop(place);
    this.counts.each['write-backs'].add();
    return this.#l2.release(victim, this.#hart, time + this.#releaseStart);
  }

  /** Asks for a line whose place is free at a time: when its last beat is there. */
  refill(line: number, place: number, kind: DataAccess, time: number): number {
    const isUpgrade = this.#lines.at(place) === line;
    this.counts.each[isUpgrade ? 'upgrades' : 'misses'].add();
    const wish: Wish = kind === 'read' ? 'read' : isUpgrade ? 'upgrade' : 'write';
    // What the L2 takes back to make room for the line may be in this cache.
    const last = this.#l2.acquire(line, this.#hart, wish, time);
    if (!isUpgrade) this.onLeave?.(place);
    this.#lines.put(place, line);
    const granted = this.#l2.isShared ? Right.read : Right.write;
    this.#rights[place] = kind === 'write' ? Right.written : granted;
    this.#lfsr.step();
    return last;
  }

  /** A CBO asks the L2 to bring memory up to date, and to drop the line unless it `keeps` it: when that is done. */
  giveUp(line: number, keeps: boolean, time: number): number {
    return this.#l2.giveUp(line, keeps, time);
  }

  /** The walker's read of a table entry, decided at a time: when it is there. */
  walk(line: number, time: number): number {
    if (this.#lines.find(line) !== NOWHERE) return time;
    const place = this.#placeToTake(line);
    if (!this.mustRelease(line, place)) return this.refill(line, place, 'read', time) + 1 + ACCESS;
    this.release(place, time);
    return this.refill(line, place, 'read', time + this.releaseTime + ACCESS) + 1 + ACCESS;
  }

  probe(line: number, keepsShared: boolean): boolean {
    const place = this.#lines.find(line);
    if (place === NOWHERE) return false;
    this.counts.each.probes.add();
    const isDirty = this.#rights[place] === Right.written;
    if (keepsShared) this.#share(place);
    else this.#drop(place);
    return isDirty;
  }

  #drop(place: number): void {
    this.onLeave?.(place);
    this.#lines.drop(place);
  }

  #share(place: number): void {
    this.onLeave?.(place);
    this.#rights[place] = Right.read;
  }

  /** The place that a line takes which is not there. */
  #placeToTake(line: number): number {
    return this.#lines.place(line, this.#lfsr.bits(0, this.#wayBits));
  }

  /** Whether the line at a place may be accessed so at a time, which a first store makes dirty. */
  #mayAccess(place: number, kind: DataAccess, time: number): boolean {
    if (kind === 'read') return true;
    const right = this.#rights[place];
    if (right === Right.read) return false;
    if (kind === 'write' && right === Right.write) {
      this.#rights[place] = Right.written;
      this.#firstWrite[0] = time;
    }
    return true;
  }

  /** When an instruction comes to its access again after the cache gave a victim back from a time on. */
  #retry(answered: number, time: number, late: number): number {
    const ready = time + this.releaseTime;
    // Any answer lets the instruction go, which then starts over if the cache is not ready.
    const decoded = Math.min(answered, ready + 1) + late;
    const isEarly = decoded + DECODE_TO_ACCESS < ready;
    return decoded + DECODE_TO_COMMIT + (isEarly ? REPLAY + late : 0);
  }
}
