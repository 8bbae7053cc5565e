import { mechanismNumber } from '../mechanisms.ts';
import { AccessKind, accessParts } from './access-answer.ts';
import type { Configuration } from './configuration.ts';
import { type ControlWords } from './control-words.ts';
import type { InstructionView } from './instruction-view.ts';
import { walkOf } from './walk-answer.ts';
import { PendingStore } from './pending-stores.ts';
import { NOTHING, type Surroundings } from './surroundings.ts';

const DATA_CACHE = mechanismNumber['data-cache'];
const NEVER = -1;

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
  readonly #around: Surroundings;
  #first: InstructionView | undefined;
  #second: InstructionView | undefined;
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
  #answerFor: InstructionView | undefined;
  #answering: InstructionView | undefined;
  #arrayWasUsed = false;
  #waitsForArray = false;
  #hasAnswered = false;
  #isBlocked = false;

  constructor(around: Surroundings) {
    this.#around = around;
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
    this.arrival = undefined;
    this.answersNext = false;
  }

  /** Puts what is under way behind `begin` into a configuration, or takes it from there. */
  exchange(words: Configuration, views: ControlWords): void {
    this.#first = views.exchange(words, this.#first);
    this.#second = views.exchange(words, this.#second);
    this.#answerFor = views.exchange(words, this.#answerFor);
    this.#answering = views.exchange(words, this.#answering);
    this.arrival = views.exchange(words, this.arrival);
    this.#busyUntil = words.deadline(this.#busyUntil);
    this.#grantedAt = words.deadline(this.#grantedAt);
    this.#answerFrom = words.due(this.#answerFrom);
    this.waitsFor = words.optional(this.waitsFor);
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
    if (this.#secondWasRefused || !this.#secondHasAddress) {
      this.isRefused = true;
      return;
    }
    const { kind, soils, isReleasing, granted, busy } = accessParts(
      this.#around.access(view.number, cycle),
    );
    if (kind === AccessKind.uncached) {
      if (this.#answerFrom === NEVER) {
        this.#answerFrom = cycle + granted;
        this.#answerFor = view;
        this.isPending = view.reads;
      } else this.isRefused = true;
    } else if (kind === AccessKind.hit) {
      this.waitsFor = undefined;
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
   * Goes through the first stage and looks at the request of the execute stage; `hasAddress` unless the instruction in the first
   * stage is dropped, and `fails` if it is a store-conditional that does not store. `asksToRead`: the command that stands at the
   * cache's door is no store, whether or not there is a request.
   */
  proceed(
    cycle: number,
    { hasAddress, fails }: { readonly hasAddress: boolean; readonly fails: boolean },
    request: InstructionView | undefined,
    asksToRead: boolean,
  ): void {
    const first = this.#first;
    const second = this.#second;
    const secondWrites = second?.writes === true;
    const stores = this.#secondHits && secondWrites && !this.#secondFails;
    // The registers of the second stage keep what they had when the first stage refuses.
    const likely = (second !== undefined && this.#secondHeldWrites) || this.#isHeld;
    const isHazard = first?.reads === true && hasAddress && this.#meets(first, likely);
    const walked =
      first === undefined || first.memory === 'translationFence' || !hasAddress
        ? NOTHING
        : this.#around.translate(cycle);
    const lacksPage = walked !== NOTHING;
    if (lacksPage) this.waitsFor = walkOf(walked).mechanism;
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
    if (advances) this.#around.passStore();
    if (first?.writes === true && !refusesFirst) {
      this.#around.holdStore(hasAddress ? first.bytes : 0);
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
    const keepsFirst = hasAddress && first?.memory !== 'translationFence';
    this.#second = keepsFirst ? first : undefined;
    this.#secondHasAddress = hasAddress;
    this.#secondWasRefused = refusesFirst;
    this.#secondFails = hasAddress && fails;
    this.#first = isAccess ? request : undefined;
    if (lacksPage) this.#busyUntil = cycle + walkOf(walked).cycles;
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

  #meets({ bytes }: InstructionView, likely: boolean): boolean {
    const stores = (likely ? PendingStore.younger : 0) | (this.#hasStore2 ? PendingStore.older : 0);
    return stores !== 0 && this.#around.meets(stores, bytes);
  }
}
