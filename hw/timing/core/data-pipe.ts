import { mechanismNumber } from '../mechanisms.ts';
import type { InstructionView } from './instruction-view.ts';

/** What becomes of an access in its second stage. */
export interface AccessOutcome {
  /** The line is there, with the right to do what is wanted. */
  readonly isHit: boolean;
  /** The first store to a line that was clean: the tags must be written. */
  readonly soils: boolean;
  /** Past the cache: cycles until the answer. */
  readonly uncached: number | undefined;
  /** A miss: the cycle of the last beat of the line, or of the answer to a dirty line given back; then the access comes again. */
  readonly granted: number;
  /** A miss: until this cycle the cache takes nothing. */
  readonly busyUntil: number;
  /** A dirty line is given back first. */
  readonly isReleasing: boolean;
}

/** An access by its place. */
export interface DataAddress {
  readonly virtual: number;
  /** The page of 4 KiB; virtual too. */
  readonly page: number;
  readonly physical: number;
  readonly latencyClass: string | undefined;
  /** A store-conditional that does not store. */
  readonly fails: boolean;
}

/** What is behind the data cache's pipeline. */
export interface DataSide {
  /** First stage: the cycle of the walker's answer if the translation is not there. */
  readonly translate: (access: DataAddress, cycle: number) => number | undefined;
  /** The mechanism that owns the time of the walk that `translate` began last. */
  readonly walkMechanism: number;
  /** Second stage. */
  readonly access: (access: DataAddress, view: InstructionView, cycle: number) => AccessOutcome;
}

interface PendingStore {
  word: number;
  mask: number;
}

const DATA_CACHE = mechanismNumber['data-cache'];
const NOWHERE = -1;
const WORDS_OF_INDEX = 512;
const NEVER = -1;

function wordOf({ virtual }: DataAddress): number {
  return Math.floor(virtual / 8) % WORDS_OF_INDEX;
}

function maskOf({ virtual }: DataAddress, bytes: number): number {
  return ((1 << bytes) - 1) << (virtual % 8);
}

/**
 * The pipeline of the blocking data cache (rocket-chip, DCache.scala): tags and data are read in the first stage, a store waits
 * in two buffers until no load needs the data array, and an access that finds its bytes in them, or its line absent, is
 * refused and repeated.
 */
export class DataPipe {
  /** Whether the access in the second stage must be repeated; made by `begin`. */
  isRefused = false;
  /** Whether the one in the second stage waits for an answer from outside. */
  isPending = false;
  /** Whether an answer arrives at the registers in this cycle, and for whom. */
  arrival: InstructionView | undefined;
  /** Whether an answer will be there in the next cycle. */
  answersNext = false;
  /** Whether an access of the execute stage is taken in this cycle. */
  isReady = true;
  /** The last beat of a line, or an answer, comes in this cycle. */
  isGranted = false;
  /** The mechanism that an access waits for which has to come again because of what it lacks. */
  waitsFor: number | undefined;
  readonly #side: DataSide;
  #first: InstructionView | undefined;
  #second: InstructionView | undefined;
  #secondAddress: DataAddress | undefined;
  #secondWasRefused = false;
  #secondHeldWrites = false;
  #wasRefused = false;
  #secondHits = false;
  #secondSoils = false;
  #secondFails = false;
  readonly #store1: PendingStore = { word: NOWHERE, mask: 0 };
  #store1Combines = false;
  #isHeld = false;
  readonly #store2: PendingStore = { word: NOWHERE, mask: 0 };
  #hasStore2 = false;
  /** While a line is brought or given back, or the walker is at work: the first cycle without, and that of the grant. */
  #busyUntil = NEVER;
  #grantedAt = NEVER;
  /** A line is on its way in. */
  #isRefilling = false;
  /** A line is on its way out. */
  #isReleasing = false;
  #answerFrom = NEVER;
  #answerFor: InstructionView | undefined;
  #answering: InstructionView | undefined;
  #arrayWasUsed = false;
  #waitsForArray = false;
  #hasAnswered = false;
  #isBlocked = false;

  constructor(side: DataSide) {
    this.#side = side;
  }

  /** Nothing under way. */
  reset(): void {
    this.#first = undefined;
    this.#second = undefined;
    this.#isHeld = false;
    this.#hasStore2 = false;
    this.#busyUntil = NEVER;
    this.#grantedAt = NEVER;
    this.#isRefilling = false;
    this.#isReleasing = false;
    this.#answerFrom = NEVER;
    this.#answerFor = undefined;
    this.#answering = undefined;
    this.waitsFor = undefined;
    this.#isBlocked = false;
    this.#wasRefused = false;
    this.#arrayWasUsed = false;
    this.isRefused = false;
    this.isPending = false;
    this.arrival = undefined;
    this.answersNext = false;
  }

  /** Of this cycle: nothing is under way but stores that are as good as done. */
  isIdle = true;
  /** Of this cycle: memory instructions stay in decode. */
  blocksDecode = false;

  /** Begins a cycle with the second stage. */
  begin(cycle: number): void {
    const view = this.#second;
    this.isIdle =
      this.#first === undefined &&
      view === undefined &&
      !this.#isRefilling &&
      this.#answerFrom === NEVER;
    this.arrival = this.#answering;
    this.#answering = undefined;
    this.isRefused = false;
    this.isPending = false;
    this.#secondHits = false;
    this.#secondSoils = false;
    this.isGranted = cycle === this.#grantedAt;
    if (cycle >= this.#busyUntil) {
      this.#isRefilling = false;
      this.#isReleasing = false;
    }
    this.#answer(cycle);
    if (view === undefined) return;
    if (this.#secondWasRefused || this.#secondAddress === undefined) {
      this.isRefused = true;
      return;
    }
    const outcome = this.#side.access(this.#secondAddress, view, cycle);
    if (outcome.uncached !== undefined) {
      if (this.#answerFrom === NEVER) {
        this.#answerFrom = cycle + outcome.uncached;
        this.#answerFor = view;
        this.isPending = view.reads;
      } else this.isRefused = true;
    } else if (outcome.isHit) {
      this.waitsFor = undefined;
      this.#secondHits = true;
      this.#secondSoils = outcome.soils;
    } else {
      this.isRefused = true;
      this.waitsFor = DATA_CACHE;
      if (this.#answerFrom === NEVER || outcome.isReleasing) {
        this.#busyUntil = outcome.busyUntil;
        this.#grantedAt = outcome.granted;
        this.#isRefilling = !outcome.isReleasing;
        this.#isReleasing = outcome.isReleasing;
      }
    }
  }

  /**
   * Goes through the first stage and looks at the request of the execute stage; `address` is that of the first stage,
   * `undefined` if its instruction is dropped. `asksToRead`: the command that stands at the cache's door is no store, whether or
   * not there is a request.
   */
  proceed(
    cycle: number,
    address: DataAddress | undefined,
    request: InstructionView | undefined,
    asksToRead: boolean,
  ): void {
    const first = this.#first;
    const second = this.#second;
    const secondWrites = second?.writes === true;
    const stores = this.#secondHits && secondWrites && !this.#secondFails;
    // The registers of the second stage keep what they had when the first stage refuses.
    const likely = (second !== undefined && this.#secondHeldWrites) || this.#isHeld;
    const isHazard =
      first?.reads === true && address !== undefined && this.#meets(address, first, likely);
    const walked =
      first === undefined || first.memory === 'translationFence' || address === undefined
        ? undefined
        : this.#side.translate(address, cycle);
    const lacksPage = walked !== undefined;
    if (lacksPage) this.waitsFor = this.#side.walkMechanism;
    const refusesFirst = isHazard || lacksPage || this.isRefused || this.#secondSoils;

    const requestReads =
      request !== undefined && (request.reads || request.memory === 'translationFence');
    const mayDrain = !requestReads || this.#wasRefused || this.#isReleasing;
    const mustDrain = likely && this.#hasStore2 && (first?.writes === true || this.#store1Combines);
    const canDrain = ((stores || this.#isHeld) && !this.#store1Combines) || this.#hasStore2;
    const drains = mustDrain || (canDrain && mayDrain);

    const isBusy = cycle < this.#busyUntil;
    this.isReady =
      !refusesFirst &&
      !isBusy &&
      !this.#secondSoils &&
      !(drains && asksToRead) &&
      !this.#waitsForArray;
    this.#arrayWasUsed = drains || (requestReads && !this.#waitsForArray);

    const hasStore1 = stores || this.#isHeld;
    const advances = hasStore1 && this.#hasStore2 === drains;
    this.#isHeld = hasStore1 && this.#hasStore2 && !drains;
    this.#hasStore2 = (this.#hasStore2 && !drains) || advances;
    if (advances) {
      this.#store2.word = this.#store1.word;
      this.#store2.mask = this.#store1.mask;
    }
    if (first?.writes === true && !refusesFirst) {
      this.#store1.word = address === undefined ? NOWHERE : wordOf(address);
      this.#store1.mask = address === undefined ? 0 : maskOf(address, first.bytes);
      this.#store1Combines = first.reads;
    }

    this.blocksDecode = this.#isBlocked && !this.isGranted;
    if (first !== undefined && !refusesFirst) this.#secondHeldWrites = first.writes;
    const isAccess = this.isReady && request !== undefined;
    this.#isBlocked =
      !this.isReady &&
      !this.isGranted &&
      (this.#isBlocked || request !== undefined || this.isRefused);
    this.#wasRefused = this.isRefused;
    const keepsFirst = address !== undefined && first?.memory !== 'translationFence';
    this.#second = keepsFirst ? first : undefined;
    this.#secondAddress = address;
    this.#secondWasRefused = refusesFirst;
    this.#secondFails = address?.fails === true;
    this.#first = isAccess ? request : undefined;
    if (walked !== undefined) this.#busyUntil = walked;
    if (this.#hasAnswered) {
      this.#hasAnswered = false;
      this.#answerFrom = NEVER;
      this.#answerFor = undefined;
    }
  }

  /** An answer from outside goes to the registers when nothing else needs the way there. */
  #answer(cycle: number): void {
    this.answersNext = false;
    this.#waitsForArray = false;
    if (this.#answerFrom === NEVER || cycle < this.#answerFrom) return;
    this.isGranted = true;
    if (this.#answerFor?.reads === true) {
      this.#waitsForArray = this.#arrayWasUsed || this.#first !== undefined;
      if (this.#waitsForArray) return;
      this.answersNext = true;
      this.#answering = this.#answerFor;
    }
    this.#hasAnswered = true;
  }

  #meets(address: DataAddress, { bytes }: InstructionView, likely: boolean): boolean {
    const word = wordOf(address);
    const mask = maskOf(address, bytes);
    const meets = (store: PendingStore): boolean =>
      store.word === word && (store.mask & mask) !== 0;
    return (likely && meets(this.#store1)) || (this.#hasStore2 && meets(this.#store2));
  }
}
