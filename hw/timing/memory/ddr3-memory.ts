import { LINE_BYTES } from './cache-lines.ts';
import type { Ddr3Parameters } from './ddr3-parameters.ts';
import { Ddr3Rank } from './ddr3-rank.ts';
import { EventCounts } from './event-counts.ts';
import type { MainMemory } from './main-memory.ts';
import type { StateArea } from './state-area.ts';

const counted = {
  reads: 'lines read',
  writes: 'lines written',
  activations: 'rows opened; a read or write that needed none has found its row open',
  conflicts: 'rows closed because a request wanted another of their bank',
  refreshes: 'refreshes up to the last request',
} as const;

/** What the controller keeps of a request. */
const Field = { bank: 0, row: 1, isWrite: 2, arrival: 3, count: 4 } as const;
const Clock = { now: 0, pending: 1 } as const;
/** From a command to the next. */
const COMMAND = 1;
/** More steps than any request takes; with refreshes that leave no time between them, a request is never served. */
const MOST_STEPS = 10_000;

/**
 * DDR3 behind a controller that serves the oldest request whose row is open, else opens the row of the oldest, and leaves rows
 * open (FASED, `FRFCFSModel.scala`). One rank; rows lie bank after bank. Commands are given one per cycle until the read in
 * question is served; writes wait until something asks for time to pass.
 */
export class Ddr3Memory implements MainMemory {
  readonly beat = 1;
  readonly counts: EventCounts<keyof typeof counted>;
  readonly #timing: Ddr3Parameters;
  readonly #rank: Ddr3Rank;
  /** The present, and how many requests wait. */
  readonly #clock: Float64Array;
  /** Requests, the oldest first. */
  readonly #requests: Float64Array;

  constructor(timing: Ddr3Parameters, area: StateArea) {
    this.#timing = timing;
    this.counts = new EventCounts(counted, area);
    this.#rank = new Ddr3Rank(timing, area);
    this.#clock = area.numbers(Object.keys(Clock).length);
    this.#requests = area.numbers((timing.window + 1) * Field.count);
  }

  read(line: number, time: number): number {
    this.#runUntil(time);
    this.#add(line, time, false);
    for (let steps = 0; steps < MOST_STEPS && this.#hasRead(); steps++) this.#step(Infinity);
    const { readLatency, backendLatency } = this.#timing;
    return this.#now - COMMAND + readLatency + backendLatency;
  }

  write(line: number, time: number): number {
    this.#runUntil(time);
    // A full window takes the write when it has served another.
    const { window } = this.#timing;
    for (let steps = 0; steps < MOST_STEPS && this.#pending >= window; steps++)
      this.#step(Infinity);
    if (this.#pending > window) this.#remove(0);
    this.#add(line, time, true);
    return Math.max(time, this.#now) + COMMAND;
  }

  get #now(): number {
    return this.#clock[Clock.now] ?? 0;
  }

  set #now(time: number) {
    this.#clock[Clock.now] = time;
  }

  get #pending(): number {
    return this.#clock[Clock.pending] ?? 0;
  }

  #field(request: number, field: number): number {
    return this.#requests[request * Field.count + field] ?? 0;
  }

  #add(line: number, arrival: number, isWrite: boolean): void {
    const { rowBytes, banks } = this.#timing;
    const row = Math.floor((line * LINE_BYTES) / rowBytes);
    const at = this.#pending * Field.count;
    this.#requests[at + Field.bank] = row % banks;
    this.#requests[at + Field.row] = Math.floor(row / banks);
    this.#requests[at + Field.isWrite] = isWrite ? 1 : 0;
    this.#requests[at + Field.arrival] = arrival;
    this.#clock[Clock.pending] = this.#pending + 1;
  }

  #remove(request: number): void {
    this.#requests.copyWithin(request * Field.count, (request + 1) * Field.count);
    this.#clock[Clock.pending] = this.#pending - 1;
  }

  /** Whether a read waits. */
  #hasRead(): boolean {
    for (let request = 0; request < this.#pending; request++) {
      if (this.#field(request, Field.isWrite) === 0) return true;
    }
    return false;
  }

  /** Serves what waits until a time, or until nothing does; then it is that time. */
  #runUntil(time: number): void {
    for (let steps = 0; steps < MOST_STEPS && this.#now < time; steps++) {
      const isIdle = this.#pending === 0;
      if (isIdle) this.counts.each.refreshes.add(this.#rank.sleep(time));
      if (isIdle && !this.#rank.wantsRefresh(this.#now)) {
        this.#now = Math.min(time, Math.max(this.#now, this.#rank.refreshDue));
      }
      if (this.#now < time) this.#step(time);
    }
    this.#now = Math.max(this.#now, time);
  }

  /** Gives at most one command, and lets a cycle pass. */
  #step(limit: number): void {
    if (this.#now >= limit) return;
    const now = this.#now;
    const isRefreshing = this.#rank.wantsRefresh(now);
    const isServed = isRefreshing ? this.#refresh(now) : this.#column(now);
    if (!isServed) this.#row(now, isRefreshing);
    this.#now = now + COMMAND;
  }

  /** Closes banks for the refresh that is due, then makes it. */
  #refresh(now: number): boolean {
    if (this.#rank.mayRefresh(now)) {
      this.#rank.refresh(now);
      this.counts.each.refreshes.add();
      return true;
    }
    for (let bank = 0; bank < this.#timing.banks; bank++) {
      if (!this.#rank.isClosed(bank) && this.#rank.mayPrecharge(bank, now)) {
        this.#rank.precharge(bank, now);
        return true;
      }
    }
    return false;
  }

  /** Serves the oldest request whose row is open. */
  #column(now: number): boolean {
    const rank = this.#rank;
    for (let request = 0; request < this.#pending; request++) {
      const bank = this.#field(request, Field.bank);
      const isWrite = this.#field(request, Field.isWrite) === 1;
      const isReady = this.#field(request, Field.arrival) <= now && this.#isHit(request);
      if (!isReady || !(isWrite ? rank.mayWrite(bank, now) : rank.mayRead(bank, now))) continue;
      if (isWrite) rank.write(bank, now);
      else rank.read(bank, now);
      this.counts.each[isWrite ? 'writes' : 'reads'].add();
      this.#remove(request);
      return true;
    }
    return false;
  }

  /** Opens the row of the oldest request that may, or closes that of a bank for the oldest that wants another. */
  #row(now: number, isRefreshing: boolean): void {
    if (isRefreshing) return;
    const rank = this.#rank;
    for (let request = 0; request < this.#pending; request++) {
      if (this.#field(request, Field.arrival) > now || this.#isHit(request)) continue;
      const bank = this.#field(request, Field.bank);
      if (rank.isClosed(bank)) {
        if (!rank.mayActivate(bank, now)) continue;
        rank.activate(bank, this.#field(request, Field.row), now);
        this.counts.each.activations.add();
        return;
      }
      if (this.#isWanted(bank) || !rank.mayPrecharge(bank, now)) continue;
      rank.precharge(bank, now);
      this.counts.each.conflicts.add();
      return;
    }
  }

  #isHit(request: number): boolean {
    return this.#rank.isOpen(this.#field(request, Field.bank), this.#field(request, Field.row));
  }

  /** Whether a request waits for the row that a bank has open. */
  #isWanted(bank: number): boolean {
    for (let request = 0; request < this.#pending; request++) {
      if (this.#field(request, Field.bank) === bank && this.#isHit(request)) return true;
    }
    return false;
  }
}
