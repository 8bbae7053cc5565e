import type { ModeLabel } from '../isa/index.ts';
import type { Checkpointed } from '../kernel/index.ts';
import type { TrapEntry } from './trap-unit.ts';

/** A trap, with the address it was taken at. */
export interface TrapRecord extends TrapEntry {
  readonly pc: bigint;
  readonly cycle: number;
}

/** What a watchdog needs to say of a hart that gets nowhere. */
export interface HartStatus {
  readonly id: number;
  readonly mode: ModeLabel;
  readonly pc: bigint;
  readonly cycle: number;
  readonly instret: number;
  /** In WFI. */
  readonly isWaiting: boolean;
  /** Interrupts that would end the wait: `mie`. */
  readonly enabled: bigint;
  /** Interrupts that are pending: `mip`. */
  readonly pending: bigint;
  readonly lastTrap: TrapRecord | undefined;
  /** Traps since an instruction last retired; a storm of more than a few can never end. */
  readonly trapsInARow: number;
  /** Executions in a row of an instruction that leads to itself; only an interrupt ends such a loop. */
  readonly selfLoopCount: number;
}

/** A trap as a checkpoint keeps it. */
interface SavedTrap {
  readonly entry: TrapEntry;
  readonly pcHigh: number;
  readonly pcLow: number;
  readonly cycle: number;
}

/** Progress as a checkpoint keeps it. */
export interface SavedProgress {
  readonly trapsInARow: number;
  readonly selfLoopCount: number;
  readonly lastTrap: SavedTrap | null;
}

/** The last trap of a hart, in a form that costs little to keep. */
class LastTrap {
  #entry: TrapEntry | undefined;
  #pcHigh = 0;
  #pcLow = 0;
  #cycle = 0;

  take(entry: TrapEntry, pcHigh: number, pcLow: number, cycle: number): void {
    this.#entry = entry;
    this.#pcHigh = pcHigh;
    this.#pcLow = pcLow;
    this.#cycle = cycle;
  }

  forget(): void {
    this.#entry = undefined;
  }

  get saved(): SavedTrap | null {
    if (this.#entry === undefined) return null;
    return {
      entry: this.#entry,
      pcHigh: this.#pcHigh,
      pcLow: this.#pcLow,
      cycle: this.#cycle,
    };
  }

  get record(): TrapRecord | undefined {
    const pc = (BigInt(this.#pcHigh) << 32n) | BigInt(this.#pcLow);
    return this.#entry && { ...this.#entry, pc, cycle: this.#cycle };
  }
}

/** Counts what happens when a hart gets nowhere. */
export class Progress implements Checkpointed<SavedProgress> {
  trapsInARow = 0;
  selfLoopCount = 0;

  readonly #trap = new LastTrap();

  /** The last trap. */
  get lastTrap(): TrapRecord | undefined {
    return this.#trap.record;
  }

  /** A trap was taken, at an address in unsigned halves. */
  trapped(entry: TrapEntry, pcHigh: number, pcLow: number, cycle: number): void {
    this.#trap.take(entry, pcHigh, pcLow, cycle);
    this.trapsInARow += 1;
    this.selfLoopCount = 0;
  }

  /** An instruction retired; `stays` says that it leads to itself. */
  retired(stays: boolean): void {
    this.trapsInARow = 0;
    this.selfLoopCount = stays ? this.selfLoopCount + 1 : 0;
  }

  /** Many instructions retired; `stays` says that all of them led to themselves. */
  retiredMany(count: number, stays: boolean): void {
    this.trapsInARow = 0;
    this.selfLoopCount = stays ? this.selfLoopCount + count : 0;
  }

  save(): SavedProgress {
    const { trapsInARow, selfLoopCount } = this;
    return { trapsInARow, selfLoopCount, lastTrap: this.#trap.saved };
  }

  restore({ trapsInARow, selfLoopCount, lastTrap }: SavedProgress): void {
    this.trapsInARow = trapsInARow;
    this.selfLoopCount = selfLoopCount;
    if (lastTrap === null) this.#trap.forget();
    else this.#trap.take(lastTrap.entry, lastTrap.pcHigh, lastTrap.pcLow, lastTrap.cycle);
  }

  /** Forgets everything. */
  reset(): void {
    this.#trap.forget();
    this.trapsInARow = 0;
    this.selfLoopCount = 0;
  }
}
