import { LINE_BYTES, NO_LINE } from './cache-lines.ts';
import { EventCounts } from './event-counts.ts';
import { L2Directory, type L2DirectoryLayout } from './l2-directory.ts';
import type { MainMemory } from './main-memory.ts';
import type { MemoryParameters } from './memory-parameters.ts';
import type { StateArea } from './state-area.ts';
import { TransactionTable, type TransactionLayout } from './transaction-table.ts';

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
export const NOTED = 1;
/** No core. */
const NOBODY = -1;

/** Times from which something is free: the pipeline that answers, and the port to memory. */
const Free = { pipeline: 0, port: 1 } as const;

/** What follows from the parameters, in cycles. */
interface Times {
  /** Messages of cores until they are at the L2: wishes, lines that are given back, CBOs. */
  readonly request: number;
  readonly release: number;
  readonly blockRequest: number;
  readonly lookUp: number;
  readonly read: number;
  /** From the start of a pipeline slot to the beat at the core. */
  readonly answer: number;
  /** From the first beat at the core to when the L2 has noted that it is there. */
  readonly acknowledgement: number;
  /** From a probe to what follows from the answer, without and with data. */
  readonly probe: number;
  readonly probeOfDirty: number;
  readonly memoryRequest: number;
  readonly memoryResponse: number;
  /** From the first beat of memory to the last, which need not be whole, and all of them on the way out. */
  readonly memoryBeats: number;
  readonly memoryLine: number;
}

/** What generated code must know of the L2, and where it finds it in the machine's memory. */
export interface InclusiveCacheLayout {
  readonly times: Times;
  readonly beats: number;
  readonly directory: L2DirectoryLayout;
  readonly transactions: TransactionLayout;
  /** When the pipeline that answers is free (f64). */
  readonly pipelineFree: number;
  /** Where each count is (f64). */
  readonly counts: Readonly<Record<keyof typeof counted, number>>;
}

function timesOf(parameters: MemoryParameters, { beat }: MainMemory): Times {
  const { busHop, l2ReleaseQueue, l2Lookup, l2Read, probe, probeData } = parameters;
  const { blockRequest, memoryBusBytes, memoryRequest, memoryResponse } = parameters;
  const beats = Math.ceil(LINE_BYTES / memoryBusBytes);
  const probed = 2 * busHop + probe + l2ReleaseQueue + NOTED;
  return {
    ...{ request: busHop, release: busHop + l2ReleaseQueue, blockRequest },
    ...{ lookUp: l2Lookup, read: l2Read, answer: l2Read + busHop },
    ...{ acknowledgement: busHop + 2 * NOTED, probe: probed, probeOfDirty: probed + probeData },
    ...{ memoryRequest, memoryResponse },
    ...{ memoryBeats: (beats - 1) * beat, memoryLine: Math.ceil(beats * beat) },
  };
}

/**
 * The L2 that all cores share: SiFive's InclusiveCache, as the times of its messages. What it answers to a core is a time
 * at that core. Answers leave through a pipeline, a beat per cycle. A miss first takes the victim back from the cores that
 * may have it, then asks memory, and passes beats on as they come; a victim that memory lacks is written behind that.
 */
export class InclusiveCache {
  /** Of the last acquisition: whether the core may not write the line. */
  isShared = false;
  readonly counts: EventCounts<keyof typeof counted>;
  readonly #memory: MainMemory;
  readonly #clients: CacheClient[] = [];
  readonly #directory: L2Directory;
  readonly #transactions: TransactionTable;
  readonly #free: Float64Array;
  readonly #beats: number;
  readonly #times: Times;
  /** Of the request in hand: when that is done which has been followed so far. The host hands numbers of this size on faster so. */
  #done = 0;

  constructor(parameters: MemoryParameters, memory: MainMemory, harts: number, area: StateArea) {
    const { l2Sets, l2Ways, systemBusBytes } = parameters;
    this.#memory = memory;
    this.#directory = new L2Directory({ sets: l2Sets, ways: l2Ways }, harts, area);
    this.#transactions = new TransactionTable(area);
    this.counts = new EventCounts(counted, area);
    this.#free = area.numbers(Object.keys(Free).length);
    this.#beats = Math.ceil(LINE_BYTES / systemBusBytes);
    this.#times = timesOf(parameters, memory);
  }

  /** Where generated code finds it. */
  get layout(): InclusiveCacheLayout {
    return {
      times: this.#times,
      beats: this.#beats,
      directory: this.#directory.layout,
      transactions: this.#transactions.layout,
      pipelineFree: this.#free.byteOffset + Free.pipeline * this.#free.BYTES_PER_ELEMENT,
      counts: this.counts.layout,
    };
  }

  /** Makes a core's cache known; cores are numbered in this order. */
  connect(client: CacheClient): void {
    this.#clients.push(client);
  }

  /** A core's data cache wants a line: when the last beat is there. */
  acquire(line: number, hart: number, wish: Wish, time: number): number {
    const directory = this.#directory;
    this.#done = time + this.#times.request;
    this.#lookUp(line);
    const { place, isHit } = directory;
    const isFree = !isHit || !directory.isHeldBesides(place, NOBODY);
    if (isHit) this.#grant(line, hart, wish);
    else this.#refill(line);
    // A core that has dropped a clean line silently is still on the list, and gets it back without the right to write.
    const mayWrite = wish !== 'read' || isFree;
    directory.setHolds(place, hart, true);
    directory.setOwned(place, mayWrite);
    this.isShared = !mayWrite;
    return this.#done;
  }

  /** A core's instruction cache wants a line, of which the L2 keeps no account: when the last beat is there. */
  get(line: number, time: number): number {
    const directory = this.#directory;
    this.#done = time + this.#times.request;
    this.#lookUp(line);
    if (directory.isHit) {
      this.counts.each.hits.add();
      this.#share(line, NOBODY, true);
      directory.setOwned(directory.place, false);
      this.#answer(this.#beats);
      this.#done += this.#beats - 1;
    } else this.#refill(line);
    return this.#done;
  }

  /** A core gives a dirty line back, whose first beat leaves at a time: when the answer is there. */
  release(line: number, hart: number, time: number): number {
    const directory = this.#directory;
    this.#done = time + this.#times.release;
    this.#lookUp(line);
    const { place } = directory;
    directory.soil(place);
    directory.setHolds(place, hart, false);
    directory.setOwned(place, false);
    this.#answer(this.#beats);
    return this.#done;
  }

  /**
   * A core has memory brought up to date with a line, which everybody gives up unless it `keeps` its place; then nobody may write it
   * without asking. What a store to the register Flush64 does (`Scheduler.scala`, SinkX), from the request to the answer.
   */
  giveUp(line: number, keeps: boolean, time: number): number {
    const directory = this.#directory;
    this.#done = time + this.#times.blockRequest;
    this.#lookUp(line);
    const { place, isHit } = directory;
    if (isHit) {
      if (!keeps || directory.isOwned(place)) this.#takeBack(line, NOBODY, keeps);
      if (directory.isDirty(place)) this.#done = this.#writeBack(line, this.#done);
      this.#transactions.hold(directory.lines.setOf(line), this.#done);
      if (keeps) directory.clean(place);
      else directory.drop(place);
    }
    this.#answer(1);
    return this.#done;
  }

  /** Reads the directory for a request that is at the L2; done when it is known what to do. */
  #lookUp(line: number): void {
    this.counts.each.requests.add();
    const set = this.#directory.lines.setOf(line);
    this.#directory.read(line);
    this.#done = this.#transactions.start(set, this.#done) + this.#times.lookUp;
    this.#transactions.hold(set, this.#done + NOTED);
  }

  /** Answers with the line just found, or with the right to write it; done when the last beat is at the core. */
  #grant(line: number, hart: number, wish: Wish): void {
    this.counts.each.hits.add();
    const directory = this.#directory;
    const isUpgrade = wish === 'upgrade' && directory.holds(directory.place, hart);
    const beats = isUpgrade ? 1 : this.#beats;
    this.#share(line, hart, wish === 'read');
    this.#answer(beats);
    this.#hold(line);
    this.#done += beats - 1;
  }

  /** Sends an answer of some beats; done when the first is at the core. */
  #answer(beats: number): void {
    const free = this.#free[Free.pipeline] ?? 0;
    this.counts.each.beats.add(beats);
    if (free > this.#done) {
      this.counts.each.waits.add(free - this.#done);
      this.#done = free;
    }
    this.#free[Free.pipeline] = this.#done + beats;
    this.#done += this.#times.answer;
  }

  /** Notes that the set of a line is in use until a core, which now has the first beat, has acknowledged it. */
  #hold(line: number): void {
    const end = this.#done + this.#times.acknowledgement;
    this.#transactions.hold(this.#directory.lines.setOf(line), end);
  }

  /** Makes other cores give up the line just found, or what they may not keep beside a reader. */
  #share(line: number, hart: number, isRead: boolean): void {
    if (!isRead || this.#directory.isOwned(this.#directory.place)) {
      this.#takeBack(line, hart, isRead);
    }
  }

  /** Takes the line at the directory's place, or the right to write it, back from every core but one; done when the last has answered. */
  #takeBack(line: number, hart: number, keepsShared: boolean): void {
    if (this.#directory.isHeldBesides(this.#directory.place, hart)) {
      this.#probe(line, hart, keepsShared);
    }
  }

  #probe(line: number, hart: number, keepsShared: boolean): void {
    this.counts.each.probes.add();
    const directory = this.#directory;
    const { place } = directory;
    let isDirty = false;
    for (let other = 0; other < this.#clients.length; other++) {
      if (other === hart || !directory.holds(place, other)) continue;
      if (this.#clients[other]?.probe(line, keepsShared) === true) isDirty = true;
      directory.setHolds(place, other, keepsShared);
    }
    if (isDirty) directory.soil(place);
    this.#done += isDirty ? this.#times.probeOfDirty : this.#times.probe;
  }

  /** Reads a line from memory into the directory's place; done when the last beat is at the core that asked. */
  #refill(line: number): void {
    this.counts.each.misses.add();
    const directory = this.#directory;
    const times = this.#times;
    const { place } = directory;
    const victim = directory.lines.at(place);
    if (victim !== NO_LINE) this.#takeBack(victim, NOBODY, false);
    const released = this.#done;
    const asked = victim === NO_LINE ? released : released + NOTED;
    const port = Math.max(asked + times.memoryRequest, this.#free[Free.port] ?? 0);
    const firstIn = this.#memory.read(line, port);
    const lastIn = Math.ceil(firstIn + times.memoryBeats);
    this.#done = firstIn + times.memoryResponse;
    this.#answer(this.#beats);
    this.#hold(line);
    // A beat that the answer is waiting for need not wake it (`BankedStore.scala`: the arrival of a beat keeps reads of it away).
    const written = lastIn + times.memoryResponse - NOTED;
    this.#done = Math.max(this.#done + this.#beats - 1, written + times.answer);
    this.#free[Free.pipeline] = this.#done - times.answer + 1;
    if (victim !== NO_LINE && directory.isDirty(place)) {
      this.#transactions.hold(directory.lines.setOf(line), this.#writeBack(victim, released));
    }
    directory.fill(place, line);
  }

  /** Writes a victim to memory, behind the read that it made room for: when memory has acknowledged it. */
  #writeBack(victim: number, released: number): number {
    this.counts.each['write-backs'].add();
    const { read, memoryLine, memoryRequest, memoryResponse } = this.#times;
    const firstOut = Math.max(released + read + NOTED, (this.#free[Free.port] ?? 0) + NOTED);
    this.#free[Free.port] = firstOut + memoryLine;
    const lastOut = firstOut + memoryLine + memoryRequest - NOTED;
    return this.#memory.write(victim, lastOut) + memoryResponse;
  }
}
