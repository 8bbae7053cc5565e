import { mechanismNumber } from '../mechanisms.ts';
import { AccessKind, accessParts, HIT } from './access-answer.ts';
import type { Configuration } from './configuration.ts';
import { bytesOf, Control, Memory, MEMORY } from './control-word.ts';
import type { ControlWords } from './control-words.ts';
import { walkOf } from './walk-answer.ts';
import { PendingStore } from './pending-stores.ts';
import { NOTHING, type Surroundings } from './surroundings.ts';

const DATA_CACHE = mechanismNumber['data-cache'];
const NEVER = -1;
/** Accesses are known by the numbers of their control words, among which this one is no access. */
const NOBODY = 0;
/** What stands for nobody in a configuration. */
const ABSENT = -1;
/** A cycle without an access waits for nothing. */
const NO_MECHANISM = -1;
const { reads, writes } = Control;

function exchangeAccess(words: Configuration, number: number): number {
  return Math.max(NOBODY, words.instruction(number === NOBODY ? ABSENT : number));
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
  /** For whom an answer arrives at the registers in this cycle: the number of its control word, or 0. */
  arrival = NOBODY;
  /** Whether an answer will be there in the next cycle. */
  answersNext = false;
  /** Whether an access of the execute stage is taken in this cycle. */
  isReady = true;
  /** The last beat of a line, or an answer, comes in this cycle. */
  isGranted = false;
  /** The mechanism that an access waits for which has to come again because of what it lacks, or -1. */
  waitsFor = NO_MECHANISM;
  readonly #around: Surroundings;
  readonly #views: ControlWords;
  #first = NOBODY;
  #second = NOBODY;
  #secondHasAddress = false;
  #secondWasRefused = false;
  #secondHeldWrites = false;
  #wasRefused = false;
  #secondHits = false;
  #secondSoils = false;
  #secondFails = false;
  #store1Combines = false;
  #isHeld = false;
  #hasStore2 = false;
  /** While a line is brought or given back, or the walker is at work: the first cycle without, and that of the grant. */
  #busyUntil = NEVER;
  #grantedAt = NEVER;
  /** A line is on its way in. */
  #isRefilling = false;
  /** A line is on its way out. */
  #isReleasing = false;
  #answerFrom = NEVER;
  #answerFor = NOBODY;
  #answering = NOBODY;
  #arrayWasUsed = false;
  #waitsForArray = false;
  #hasAnswered = false;
  #isBlocked = false;

  constructor(around: Surroundings, views: ControlWords) {
    this.#around = around;
    this.#views = views;
  }

  /** Nothing under way. */
  reset(): void {
    this.#first = NOBODY;
    this.#second = NOBODY;
    this.#isHeld = false;
    this.#hasStore2 = false;
    this.#busyUntil = NEVER;
    this.#grantedAt = NEVER;
    this.#isRefilling = false;
    this.#isReleasing = false;
    this.#answerFrom = NEVER;
    this.#answerFor = NOBODY;
    this.#answering = NOBODY;
    this.waitsFor = NO_MECHANISM;
    this.#isBlocked = false;
    this.#wasRefused = false;
    this.#arrayWasUsed = false;
    this.#hasAnswered = false;
    this.#waitsForArray = false;
    this.#secondHits = false;
    this.#secondSoils = false;
    this.#secondFails = false;
    this.#secondHasAddress = false;
    this.#secondWasRefused = false;
    this.#secondHeldWrites = false;
    this.#store1Combines = false;
    this.isGranted = false;
    this.isRefused = false;
    this.isPending = false;
    this.arrival = NOBODY;
    this.answersNext = false;
  }

  /** Puts what is under way behind `begin` into a configuration, or takes it from there. */
  exchange(words: Configuration): void {
    this.#first = exchangeAccess(words, this.#first);
    this.#second = exchangeAccess(words, this.#second);
    this.#answerFor = exchangeAccess(words, this.#answerFor);
    this.#answering = exchangeAccess(words, this.#answering);
    this.arrival = exchangeAccess(words, this.arrival);
    this.#busyUntil = words.deadline(this.#busyUntil);
    this.#grantedAt = words.deadline(this.#grantedAt);
    this.#answerFrom = words.due(this.#answerFrom);
    this.waitsFor = words.number(this.waitsFor);
    this.isIdle = words.flag(this.isIdle);
    this.isRefused = words.flag(this.isRefused);
    this.isPending = words.flag(this.isPending);
    this.isGranted = words.flag(this.isGranted);
    this.answersNext = words.flag(this.answersNext);
    this.#secondHeldWrites = words.flag(this.#secondHeldWrites);
    this.#wasRefused = words.flag(this.#wasRefused);
    this.#secondHits = words.flag(this.#secondHits);
    this.#secondSoils = words.flag(this.#secondSoils);
    this.#secondFails = words.flag(this.#secondFails);
    this.#store1Combines = words.flag(this.#store1Combines);
    this.#isHeld = words.flag(this.#isHeld);
    this.#hasStore2 = words.flag(this.#hasStore2);
    this.#isRefilling = words.flag(this.#isRefilling);
    this.#isReleasing = words.flag(this.#isReleasing);
    this.#arrayWasUsed = words.flag(this.#arrayWasUsed);
    this.#waitsForArray = words.flag(this.#waitsForArray);
    this.#hasAnswered = words.flag(this.#hasAnswered);
    this.#isBlocked = words.flag(this.#isBlocked);
  }

  /** Of this cycle: nothing is under way but stores that are as good as done. */
  isIdle = true;
  /** Of this cycle: memory instructions stay in decode. */
  blocksDecode = false;

  /** Begins a cycle with the second stage. */
  begin(cycle: number): void {
    const number = this.#second;
    this.isIdle =
      this.#first === NOBODY &&
      number === NOBODY &&
      !this.#isRefilling &&
      this.#answerFrom === NEVER;
    this.arrival = this.#answering;
    this.#answering = NOBODY;
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
    if (number === NOBODY) return;
    if (this.#secondWasRefused || !this.#secondHasAddress) {
      this.isRefused = true;
      return;
    }
    if (this.#answerFrom !== NEVER && isCacheBlock(this.#views.controlAt(number))) {
      // What it does to the L2, it does when it can go.
      this.isRefused = true;
      this.waitsFor = DATA_CACHE;
      return;
    }
    const answer = this.#around.access(number, cycle);
    if (answer === HIT) {
      this.waitsFor = NO_MECHANISM;
      this.#secondHits = true;
      return;
    }
    const { kind, soils, isReleasing, granted, busy } = accessParts(answer);
    if (kind === AccessKind.uncached) {
      if (this.#answerFrom === NEVER) {
        this.#answerFrom = cycle + granted;
        this.#answerFor = number;
        this.isPending = this.#is(number, reads);
      } else this.isRefused = true;
    } else if (kind === AccessKind.hit) {
      this.waitsFor = NO_MECHANISM;
      this.#secondHits = true;
      this.#secondSoils = soils;
    } else {
      this.isRefused = true;
      this.waitsFor = DATA_CACHE;
      if (this.#answerFrom === NEVER || isReleasing) {
        this.#busyUntil = cycle + busy;
        this.#grantedAt = cycle + granted;
        this.#isRefilling = !isReleasing;
        this.#isReleasing = isReleasing;
      }
    }
  }

  /**
   * Goes through the first stage and looks at the request of the execute stage, the number of its control word or 0; `hasAddress` unless the instruction in the first
   * stage is dropped, `traps` if it is, but looks for its page before, and `fails` if it is a store-conditional that does not store. `asksToRead`: the command that stands at the
   * cache's door is no store, whether or not there is a request.
   */
  proceed(
    cycle: number,
    hasAddress: boolean,
    traps: boolean,
    fails: boolean,
    request: number,
    asksToRead: boolean,
  ): void {
    const first = this.#first;
    const second = this.#second;
    const firstControl = this.#views.controlAt(first);
    const requestControl = this.#views.controlAt(request);
    const firstReads = (firstControl & reads) !== 0;
    const firstWrites = (firstControl & writes) !== 0;
    const secondWrites = this.#is(second, writes);
    const isFence = (firstControl & MEMORY) === Memory.translationFence;
    const stores = this.#secondHits && secondWrites && !this.#secondFails;
    // The registers of the second stage keep what they had when the first stage refuses.
    const likely = (second !== NOBODY && this.#secondHeldWrites) || this.#isHeld;
    const isHazard = firstReads && hasAddress && this.#meets(bytesOf(firstControl), likely);
    const isTried = first !== NOBODY && !isFence && (hasAddress || traps);
    const walked = isTried ? this.#around.translate(cycle) : NOTHING;
    const lacksPage = walked !== NOTHING;
    if (lacksPage) this.waitsFor = walkOf(walked).mechanism;
    const refusesFirst = isHazard || lacksPage || this.isRefused || this.#secondSoils;

    const requestReads =
      (requestControl & reads) !== 0 ||
      (requestControl & MEMORY) === Memory.translationFence ||
      isCacheBlock(requestControl);
    const mayDrain = !requestReads || this.#wasRefused || this.#isReleasing;
    const mustDrain = likely && this.#hasStore2 && (firstWrites || this.#store1Combines);
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
    if (advances) this.#around.passStore();
    if (firstWrites && !refusesFirst) {
      this.#around.holdStore(hasAddress ? bytesOf(firstControl) : 0);
      this.#store1Combines = firstReads;
    }

    this.blocksDecode = this.#isBlocked && !this.isGranted;
    if (first !== NOBODY && !refusesFirst) this.#secondHeldWrites = firstWrites;
    const isAccess = this.isReady && request !== NOBODY;
    this.#isBlocked =
      !this.isReady && !this.isGranted && (this.#isBlocked || request !== NOBODY || this.isRefused);
    this.#wasRefused = this.isRefused;
    this.#second = (hasAddress || lacksPage) && !isFence ? first : NOBODY;
    this.#secondHasAddress = hasAddress;
    this.#secondWasRefused = refusesFirst;
    this.#secondFails = hasAddress && fails;
    this.#first = isAccess ? request : NOBODY;
    if (lacksPage) this.#busyUntil = cycle + walkOf(walked).cycles;
    if (this.#hasAnswered) {
      this.#hasAnswered = false;
      this.#answerFrom = NEVER;
      this.#answerFor = NOBODY;
    }
  }

  /** An answer from outside goes to the registers when nothing else needs the way there. */
  #answer(cycle: number): void {
    this.answersNext = false;
    this.#waitsForArray = false;
    if (this.#answerFrom === NEVER || cycle < this.#answerFrom) return;
    this.isGranted = true;
    if (this.#is(this.#answerFor, reads)) {
      this.#waitsForArray = this.#arrayWasUsed || this.#first !== NOBODY;
      if (this.#waitsForArray) return;
      this.answersNext = true;
      this.#answering = this.#answerFor;
    }
    this.#hasAnswered = true;
  }

  #is(number: number, member: number): boolean {
    return (this.#views.controlAt(number) & member) !== 0;
  }

  #meets(bytes: number, likely: boolean): boolean {
    const stores = (likely ? PendingStore.younger : 0) | (this.#hasStore2 ? PendingStore.older : 0);
    return stores !== 0 && this.#around.meets(stores, bytes);
  }
}

function isCacheBlock(control: number): boolean {
  return (control & MEMORY) === Memory.cacheBlock;
}
