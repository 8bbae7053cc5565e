import { LINE_BYTES } from './cache-lines.ts';
import { EventCounts } from './event-counts.ts';
import { L2Directory } from './l2-directory.ts';
import type { MainMemory } from './main-memory.ts';
import type { MemoryParameters } from './memory-parameters.ts';
import type { StateArea } from './state-area.ts';
import { TransactionTable } from './transaction-table.ts';

const counted = {
  requests: 'lines that cores asked for, gave back or had brought up to date',
  hits: 'of them, lines that were there when a core asked',
  misses: 'lines read from memory',
  'write-backs': 'dirty lines written to memory',
  probes: 'rounds of messages that took a line back from cores',
  beats: 'beats of answers to cores, with data or without',
  waits: 'cycles that answers waited for those before them',
} as const;

/** A cache of a core that holds lines the L2 must be able to take back. */
export interface CacheClient {
  /** Gives a line up, or with `keepsShared` only the right to write it; whether it was dirty. */
  probe(line: number, keepsShared: boolean): boolean;
}

/** What a core wants of a line: a copy, a copy to write, or the right to write the copy that it has. */
export type Wish = 'read' | 'write' | 'upgrade';

/** What the L2 does about a message, it does in the cycle after it noted it. */
const NOTED = 1;
/** No core. */
const NOBODY = -1;

/** Times from which something is free: the pipeline that answers, and the port to memory. */
const Free = { pipeline: 0, port: 1 } as const;

/**
 * The L2 that all cores share: SiFive's InclusiveCache, as the times of its messages. What it answers to a core is a time
 * at that core. Answers leave through a pipeline, a beat per cycle. A miss first takes the victim back from the cores that
 * may have it, then asks memory, and passes beats on as they come; a victim that memory lacks is written behind that.
 */
export class InclusiveCache {
  /** Of the last acquisition: whether the core may not write the line. */
  isShared = false;
  readonly counts: EventCounts<keyof typeof counted>;
  readonly #parameters: MemoryParameters;
  readonly #memory: MainMemory;
  readonly #clients: CacheClient[] = [];
  readonly #directory: L2Directory;
  readonly #transactions: TransactionTable;
  readonly #free: Float64Array;
  readonly #beats: number;
  readonly #memoryBeats: number;
  /** From the start of a pipeline slot to the beat at the core. */
  readonly #answerTime: number;

  constructor(parameters: MemoryParameters, memory: MainMemory, harts: number, area: StateArea) {
    const { l2Sets, l2Ways, systemBusBytes, memoryBusBytes, l2Read, busHop } = parameters;
    this.#parameters = parameters;
    this.#memory = memory;
    this.#directory = new L2Directory({ sets: l2Sets, ways: l2Ways }, harts, area);
    this.#transactions = new TransactionTable(area);
    this.counts = new EventCounts(counted, area);
    this.#free = area.numbers(Object.keys(Free).length);
    this.#beats = Math.ceil(LINE_BYTES / systemBusBytes);
    this.#memoryBeats = Math.ceil(LINE_BYTES / memoryBusBytes);
    this.#answerTime = l2Read + busHop;
  }

  /** Makes a core's cache known; cores are numbered in this order. */
  connect(client: CacheClient): void {
    this.#clients.push(client);
  }

  /** A core's data cache wants a line: when the last beat is there. */
  acquire(line: number, hart: number, wish: Wish, time: number): number {
    const directory = this.#directory;
    const { busHop } = this.#parameters;
    const ready = this.#lookUp(line, time + busHop);
    const { place, isHit } = directory;
    let isFree = true;
    let last: number;
    if (isHit) {
      this.counts.add('hits');
      isFree = !directory.isHeldBesides(place, NOBODY);
      const isUpgrade = wish === 'upgrade' && directory.holds(place, hart);
      const shared = this.#share(line, hart, wish === 'read', ready);
      const first = this.#answer(shared, isUpgrade ? 1 : this.#beats);
      last = first + (isUpgrade ? 0 : this.#beats - 1);
      this.#hold(line, first);
    } else {
      last = this.#refill(line, ready);
    }
    // A core that has dropped a clean line silently is still on the list, and gets it back without the right to write.
    const mayWrite = wish !== 'read' || isFree;
    directory.setHolds(place, hart, true);
    directory.setOwned(place, mayWrite);
    this.isShared = !mayWrite;
    return last;
  }

  /** A core's instruction cache wants a line, of which the L2 keeps no account: when the last beat is there. */
  get(line: number, time: number): number {
    const ready = this.#lookUp(line, time + this.#parameters.busHop);
    if (!this.#directory.isHit) return this.#refill(line, ready);
    this.counts.add('hits');
    const shared = this.#share(line, NOBODY, true, ready);
    this.#directory.setOwned(this.#directory.place, false);
    return this.#answer(shared, this.#beats) + this.#beats - 1;
  }

  /** A core gives a dirty line back, whose first beat leaves at a time: when the answer is there. */
  release(line: number, hart: number, time: number): number {
    const directory = this.#directory;
    const { busHop, l2ReleaseQueue } = this.#parameters;
    const ready = this.#lookUp(line, time + busHop + l2ReleaseQueue);
    const { place } = directory;
    directory.soil(place);
    directory.setHolds(place, hart, false);
    directory.setOwned(place, false);
    return this.#answer(ready, this.#beats);
  }

  /**
   * A core has memory brought up to date with a line, which everybody gives up unless it `keeps` its place; then nobody may write it
   * without asking. What a store to the register Flush64 does (`Scheduler.scala`, SinkX), from the request to the answer.
   */
  giveUp(line: number, keeps: boolean, time: number): number {
    const directory = this.#directory;
    const { blockRequest } = this.#parameters;
    const ready = this.#lookUp(line, time + blockRequest);
    const { place, isHit } = directory;
    if (!isHit) return this.#answer(ready, 1);
    const isProbed = directory.isHeldBesides(place, NOBODY) && (!keeps || directory.isOwned(place));
    let done = isProbed ? this.#probe(line, NOBODY, keeps, ready) : ready;
    if (directory.isDirty(place)) done = this.#writeBack(line, done);
    this.#transactions.hold(directory.lines.setOf(line), done);
    if (keeps) directory.clean(place);
    else directory.drop(place);
    return this.#answer(done, 1);
  }

  /** Reads the directory for a request that is at the L2 at a time: when it is known what to do. */
  #lookUp(line: number, time: number): number {
    this.counts.add('requests');
    const set = this.#directory.lines.setOf(line);
    const start = this.#transactions.start(set, time);
    this.#directory.read(line);
    const ready = start + this.#parameters.l2Lookup;
    this.#transactions.hold(set, ready + NOTED);
    return ready;
  }

  /** Sends an answer of some beats that is ready at a time: when the first is at the core. */
  #answer(ready: number, beats: number): number {
    const start = Math.max(ready, this.#free[Free.pipeline] ?? 0);
    this.counts.add('beats', beats);
    this.counts.add('waits', start - ready);
    this.#free[Free.pipeline] = start + beats;
    return start + this.#answerTime;
  }

  /** Notes that the set of a line is in use until a core, which has the first beat at a time, has acknowledged it. */
  #hold(line: number, first: number): void {
    const end = first + this.#parameters.busHop + 2 * NOTED;
    this.#transactions.hold(this.#directory.lines.setOf(line), end);
  }

  /** Makes other cores give up the line just found, or what they may not keep beside a reader: when that is done. */
  #share(line: number, hart: number, isRead: boolean, ready: number): number {
    const directory = this.#directory;
    const { place } = directory;
    const isProbed = directory.isHeldBesides(place, hart) && (!isRead || directory.isOwned(place));
    return isProbed ? this.#probe(line, hart, isRead, ready) : ready;
  }

  /** Probes every core but one that may have the line at the directory's place: when the last has answered. */
  #probe(line: number, hart: number, keepsShared: boolean, ready: number): number {
    this.counts.add('probes');
    const directory = this.#directory;
    const { busHop, probe, probeData, l2ReleaseQueue } = this.#parameters;
    const { place } = directory;
    let delay = 2 * busHop + probe + l2ReleaseQueue + NOTED;
    for (const [other, client] of this.#clients.entries()) {
      if (other === hart || !directory.holds(place, other)) continue;
      if (client.probe(line, keepsShared)) {
        directory.soil(place);
        delay = 2 * busHop + probe + probeData + l2ReleaseQueue + NOTED;
      }
      directory.setHolds(place, other, keepsShared);
    }
    return ready + delay;
  }

  /** Reads a line from memory into the directory's place: when the last beat is at the core that asked. */
  #refill(line: number, ready: number): number {
    this.counts.add('misses');
    const directory = this.#directory;
    const { memoryRequest, memoryResponse } = this.#parameters;
    const { place } = directory;
    const set = directory.lines.setOf(line);
    const victim = directory.lines.at(place);
    const released = victim === undefined ? ready : this.#evict(victim, ready);
    const asked = victim === undefined ? ready : released + NOTED;
    const port = Math.max(asked + memoryRequest, this.#free[Free.port] ?? 0);
    const firstIn = this.#memory.read(line, port);
    const lastIn = Math.ceil(firstIn + (this.#memoryBeats - 1) * this.#memory.beat);
    const first = this.#answer(firstIn + memoryResponse, this.#beats);
    // A beat that the answer is waiting for need not wake it (`BankedStore.scala`: the arrival of a beat keeps reads of it away).
    const written = lastIn + memoryResponse - NOTED;
    const last = Math.max(first + this.#beats - 1, written + this.#answerTime);
    this.#free[Free.pipeline] = last - this.#answerTime + 1;
    this.#hold(line, first);
    if (victim !== undefined && directory.isDirty(place)) {
      this.#transactions.hold(set, this.#writeBack(victim, released));
    }
    directory.fill(place, line);
    return last;
  }

  /** Takes the line at the directory's place back from the cores: when it is out of the L2's reach. */
  #evict(victim: number, ready: number): number {
    const isHeld = this.#directory.isHeldBesides(this.#directory.place, NOBODY);
    return isHeld ? this.#probe(victim, NOBODY, false, ready) : ready;
  }

  /** Writes a victim to memory, behind the read that it made room for: when memory has acknowledged it. */
  #writeBack(victim: number, released: number): number {
    this.counts.add('write-backs');
    const { l2Read, memoryRequest, memoryResponse } = this.#parameters;
    const firstOut = Math.max(released + l2Read + NOTED, (this.#free[Free.port] ?? 0) + NOTED);
    const beats = Math.ceil(this.#memoryBeats * this.#memory.beat);
    this.#free[Free.port] = firstOut + beats;
    return this.#memory.write(victim, firstOut + beats + memoryRequest - NOTED) + memoryResponse;
  }
}
