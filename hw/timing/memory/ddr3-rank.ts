import type { Ddr3Parameters } from './ddr3-parameters.ts';
import type { StateArea } from './state-area.ts';

const CLOSED = -1;
const NEVER = -1_000_000;
const FOUR = 4;

/** Times from which a rank allows a command. */
const Next = { activate: 0, read: 1, write: 2, refresh: 3 } as const;

/** Open rows of a rank, and from when on each command may be given (FASED, `RankStateTracker` and `BankStateTracker`). */
export class Ddr3Rank {
  readonly #timing: Ddr3Parameters;
  readonly #rows: Float64Array;
  readonly #activate: Float64Array;
  readonly #precharge: Float64Array;
  readonly #column: Float64Array;
  readonly #next: Float64Array;
  /** The last four activations, the oldest at the place of the next. */
  readonly #activations: Float64Array;
  readonly #turn: Uint32Array;

  constructor(timing: Ddr3Parameters, area: StateArea) {
    this.#timing = timing;
    this.#rows = area.numbers(timing.banks);
    this.#activate = area.numbers(timing.banks);
    this.#precharge = area.numbers(timing.banks);
    this.#column = area.numbers(timing.banks);
    this.#next = area.numbers(Object.keys(Next).length);
    this.#activations = area.numbers(FOUR);
    this.#turn = area.words(1);
    this.reset();
  }

  /** Power-on: every bank is closed. */
  reset(): void {
    this.#rows.fill(CLOSED);
    this.#activate.fill(0);
    this.#precharge.fill(0);
    this.#column.fill(0);
    this.#next.fill(0);
    this.#next[Next.refresh] = this.#timing.refreshInterval;
    this.#activations.fill(NEVER);
    this.#turn[0] = 0;
  }

  /** Whether a bank has a row open, and which. */
  isOpen(bank: number, row: number): boolean {
    return this.#rows[bank] === row;
  }

  /** Whether a bank has no row open. */
  isClosed(bank: number): boolean {
    return this.#rows[bank] === CLOSED;
  }

  /** Whether a refresh is due. */
  wantsRefresh(now: number): boolean {
    return this.#timing.refreshInterval > 0 && now >= (this.#next[Next.refresh] ?? 0);
  }

  /** When the next refresh is due; never before an infinite time without refreshes. */
  get refreshDue(): number {
    return this.#timing.refreshInterval > 0 ? (this.#next[Next.refresh] ?? 0) : Infinity;
  }

  /** Whether each command may be given to a bank now. */
  mayRead(bank: number, now: number): boolean {
    return now >= (this.#column[bank] ?? 0) && now >= (this.#next[Next.read] ?? 0);
  }

  mayWrite(bank: number, now: number): boolean {
    return now >= (this.#column[bank] ?? 0) && now >= (this.#next[Next.write] ?? 0);
  }

  mayActivate(bank: number, now: number): boolean {
    const oldest = this.#activations[this.#turn[0] ?? 0] ?? NEVER;
    return (
      now >= (this.#activate[bank] ?? 0) &&
      now >= (this.#next[Next.activate] ?? 0) &&
      now >= oldest + this.#timing.fourActivates
    );
  }

  mayPrecharge(bank: number, now: number): boolean {
    return now >= (this.#precharge[bank] ?? 0);
  }

  activate(bank: number, row: number, now: number): void {
    const timing = this.#timing;
    const turn = this.#turn[0] ?? 0;
    this.#rows[bank] = row;
    this.#column[bank] = now + timing.activateToColumn;
    this.#precharge[bank] = now + timing.activateToPrecharge;
    this.#activate[bank] = now + timing.activateToActivate;
    this.#next[Next.activate] = now + timing.activateToOther;
    this.#activations[turn] = now;
    this.#turn[0] = (turn + 1) % FOUR;
  }

  precharge(bank: number, now: number): void {
    this.#rows[bank] = CLOSED;
    this.#activate[bank] = Math.max(this.#activate[bank] ?? 0, now + this.#timing.precharge);
  }

  read(bank: number, now: number): void {
    const { columnToColumn, readLatency, writeLatency, turnaround, readToPrecharge } = this.#timing;
    this.#next[Next.read] = now + columnToColumn;
    this.#next[Next.write] = now + readLatency + columnToColumn - writeLatency + turnaround;
    this.#keepOpen(bank, now + readToPrecharge);
  }

  write(bank: number, now: number): void {
    const { columnToColumn, writeLatency, writeToRead, writeRecovery } = this.#timing;
    this.#next[Next.read] = now + writeLatency + columnToColumn + writeToRead;
    this.#next[Next.write] = now + columnToColumn;
    this.#keepOpen(bank, now + writeLatency + columnToColumn + writeRecovery);
  }

  /** Whether every bank is closed and could be opened, as a refresh needs it. */
  mayRefresh(now: number): boolean {
    return this.#rows.every((row, bank) => row === CLOSED && now >= (this.#activate[bank] ?? 0));
  }

  refresh(now: number): void {
    const { refresh, refreshInterval } = this.#timing;
    this.#next[Next.activate] = now + refresh;
    // The counter of the interval starts over when it runs out, not when the refresh is made.
    this.#next[Next.refresh] = (this.#next[Next.refresh] ?? 0) + refreshInterval + 1;
  }

  /** Lets the refreshes of a time without requests pass, but for the last, and counts them; rows are closed by the first. */
  sleep(until: number): number {
    const due = this.refreshDue;
    const interval = this.#timing.refreshInterval + 1;
    const missed = Math.floor((until - due) / interval);
    if (!(missed > 0)) return 0;
    this.#next[Next.refresh] = due + missed * interval;
    this.#rows.fill(CLOSED);
    return missed;
  }

  #keepOpen(bank: number, until: number): void {
    this.#precharge[bank] = Math.max(this.#precharge[bank] ?? 0, until);
  }
}
