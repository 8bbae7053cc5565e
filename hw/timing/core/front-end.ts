import { Transfer } from './branch-target-buffer.ts';
import type { Configuration } from './configuration.ts';
import { FetchArrival, NO_HALF, NO_PARTIAL } from './fetch-arrival.ts';
import { FetchOutcome, fetchWaitBehind, outcomeOf } from './fetch-answer.ts';
import type { FetchedInstruction } from './fetch-packet.ts';
import { FetchQueue, QUEUE_WORDS } from './fetch-queue.ts';
import { InstructionBuffer } from './instruction-buffer.ts';
import { NOTHING, type Surroundings, type TargetUpdate } from './surroundings.ts';
import { targetParts } from './target-answer.ts';

/** What the front end is wired to. */
export interface FrontEndPorts {
  readonly around: Surroundings;
  /** Entries of the target buffer. */
  readonly entries: number;
  /** The word of memory at a virtual address that is a multiple of 4, for fetching only; 0 where there is nothing. */
  readonly read: (pc: number) => number;
}

/** The core does not say where fetch goes on. */
export const NOWHERE = -1;
const NO_MECHANISM = -1;
const NO_ENTRY = -1;
/** More than this many words in the queue, and the target buffer does not learn what was found in a word. */
const MOST_TO_LEARN = 2;

/**
 * Fetch (rocket-chip, Frontend.scala): an address per cycle goes to the predictors and the cache in the first stage, the word
 * comes in the second, is looked through for transfers that the target buffer did not know, and waits in a queue for decode.
 */
export class FrontEnd {
  /** The instruction in front of decode in this cycle; made by `begin`. */
  readonly instruction: FetchedInstruction;
  /** Whether decode is offered a word in this cycle. */
  offers = false;
  /** Outcomes that the history has taken in; less those that it has forgotten again. */
  outcomes = 0;
  /** The mechanism that fetch waits for, if it lacks something, or -1. */
  waitsFor = NO_MECHANISM;
  readonly #ports: FrontEndPorts;
  readonly #buffer = new InstructionBuffer();
  readonly #queue = new FetchQueue();
  readonly #arrival: FetchArrival;
  #isFirst = false;
  #wasFirst = false;
  #firstPc = 0;
  #isSecond = false;
  #secondPc = 0;
  #outcome: FetchOutcome = FetchOutcome.coming;
  #firstIsCertain = false;
  #secondIsCertain = false;
  /** What the predictors said of the word in the second stage. */
  readonly #second = new SecondStage();
  #replaying = true;
  #partial = NO_PARTIAL;
  #isWrongPath = false;
  /** A word came to the second stage in this cycle, and whether the queue has room for it. */
  #hasWord = false;
  #isArriving = false;
  /** What the word makes the target buffer learn. */
  #update: TargetUpdate | undefined;
  /** What the target buffer was asked in the cycle before: to learn, or to note an entry as used. */
  #learning: TargetUpdate | undefined;
  #usedEntry = NO_ENTRY;
  /** The cycle in which the cache was asked last. */
  #lookedAt = 0;

  constructor(ports: FrontEndPorts) {
    this.#ports = ports;
    this.#arrival = new FetchArrival(ports.around);
    this.instruction = this.#buffer.instruction;
  }

  /** Nothing under way; the core says where to begin. */
  reset(): void {
    this.#queue.length = 0;
    this.#buffer.clear();
    this.#isFirst = false;
    this.#wasFirst = false;
    this.#isSecond = false;
    this.#secondPc = 0;
    this.#replaying = true;
    this.#partial = NO_PARTIAL;
    this.#isWrongPath = false;
    this.#hasWord = false;
    this.#isArriving = false;
    this.#firstPc = 0;
    this.#firstIsCertain = false;
    this.#secondIsCertain = false;
    this.#learning = undefined;
    this.#usedEntry = NO_ENTRY;
    this.outcomes = 0;
    this.waitsFor = NO_MECHANISM;
  }

  /** Puts what is under way between two cycles into a configuration, or takes it from there. */
  exchange(words: Configuration): void {
    this.#buffer.exchange(words);
    this.#queue.exchange(words);
    this.waitsFor = words.number(this.waitsFor);
    this.#isFirst = words.flag(this.#isFirst);
    this.#wasFirst = words.flag(this.#wasFirst);
    this.#firstPc = words.address(this.#firstPc);
    this.#firstIsCertain = words.flag(this.#firstIsCertain);
    this.#secondPc = words.address(this.#secondPc);
    this.#secondIsCertain = words.flag(this.#secondIsCertain);
    this.#replaying = words.flag(this.#replaying);
    this.#isWrongPath = words.flag(this.#isWrongPath);
    const hasPartial = words.flag(this.#partial !== NO_PARTIAL);
    this.#partial = hasPartial ? words.number(this.#partial) : NO_PARTIAL;
    this.#isSecond = words.flag(this.#isSecond);
    if (this.#isSecond) {
      this.#outcome = words.number(this.#outcome) as FetchOutcome;
      this.#second.exchange(words);
    }
    this.#usedEntry = words.entry(this.#usedEntry);
    this.#exchangeLearning(words);
  }

  #exchangeLearning(words: Configuration): void {
    const isLearning = words.flag(this.#learning !== undefined);
    const { entry, isValid, kind, pc } = this.#learning ?? NO_UPDATE;
    this.#learning = undefined;
    if (!isLearning) return;
    this.#learning = {
      entry: words.entry(entry),
      isValid: words.flag(isValid),
      kind: words.number(kind) as Transfer,
      pc: words.address(pc),
    };
  }

  /** Begins a cycle: brings the word of the second stage and shows decode the next instruction. */
  begin(): void {
    this.#update = undefined;
    this.#hasWord = this.#isSecond && this.#wasFirst && this.#outcome !== FetchOutcome.coming;
    this.#isArriving = false;
    if (this.#hasWord) this.#arrive();
    this.offers = this.#queue.length > 0 || this.#hasWord;
    if (this.offers) this.#buffer.show(this.#queue.front);
    else this.#buffer.showRest();
  }

  /**
   * Ends a cycle. `accepts`: decode takes the instruction, or has room for part of it. `redirect` is where the core makes fetch
   * go on, or `NOWHERE`, `isCertain` that it surely will, `update` what it makes the target buffer learn; `cycle` is this one.
   */
  end(
    accepts: boolean,
    redirect: number,
    isCertain: boolean,
    update: TargetUpdate | undefined,
    cycle: number,
  ): void {
    const { around } = this.#ports;
    const arrival = this.#arrival;
    const second = this.#second;
    const pc = this.#firstPc;
    const redirects = redirect !== NOWHERE;
    const {
      isHit,
      isBranch,
      isReturn,
      half,
      target,
      entry: found,
    } = targetParts(around.target(pc));
    const entry = around.entryOf(pc, found);
    const prediction = around.direction(pc);
    const takesIt = isHit && !(isBranch && prediction === 0);
    const goesBack = takesIt && isReturn ? around.returnTarget() : NOTHING;
    const history = this.outcomes;

    // The second stage decides whether it must repeat itself, the first where to go on.
    const replays = (this.#isSecond && !this.#isArriving) || this.#replaying;
    const fetches = redirects || this.#hasRoom();
    let next: number;
    if (redirects) next = redirect;
    else if (replays) next = this.#secondPc;
    else if (this.#hasWord && arrival.hasFoundPc) next = arrival.foundPc;
    else if (takesIt) next = goesBack === NOTHING ? target : goesBack;
    else next = pc - (pc & 3) + 4;
    const endsHere = this.#isArriving && !second.taken && arrival.endsAt !== NO_HALF;
    const cancels = redirects || endsHere;

    this.#learnFromArrival(update !== undefined);
    if (this.#learning !== undefined) around.learnTarget(this.#learning, pc);
    else if (this.#usedEntry !== NO_ENTRY) around.useTarget(this.#usedEntry);
    this.#usedEntry = takesIt ? entry : NO_ENTRY;
    this.#learning = update ?? this.#update;
    if (this.#hasWord && arrival.isConfused) around.dropTargets();
    this.#moveQueue(accepts, redirects);

    const firstIsCertain = this.#firstIsCertain;
    const predicts = takesIt || (this.#isSecond && this.#secondIsCertain);
    if (redirects) this.#firstIsCertain = isCertain;
    else if (replays) this.#firstIsCertain = this.#secondIsCertain;
    else this.#firstIsCertain = firstIsCertain && !predicts;
    const looks = !replays && !cancels && this.#isFirst;
    const outcome = looks ? this.#look(firstIsCertain, cycle) : FetchOutcome.coming;
    this.#isSecond = false;
    if (!replays) {
      this.#isSecond = !cancels;
      this.#secondPc = pc;
      this.#outcome = outcome;
      this.#secondIsCertain = firstIsCertain;
      second.isHit = isHit;
      second.taken = takesIt;
      second.half = half;
      second.entry = entry;
      second.history = history;
      second.direction = prediction;
    }
    if (cancels) this.#partial = NO_PARTIAL;
    if (redirects) this.#isWrongPath = false;
    this.#replaying = replays && !fetches;
    this.#wasFirst = this.#isFirst;
    this.#isFirst = fetches;
    this.#firstPc = next;
  }

  /** Whether the cache has been asked since the end of a cycle. */
  hasLooked(since: number): boolean {
    return this.#lookedAt >= since;
  }

  #look(isCertain: boolean, cycle: number): FetchOutcome {
    this.#lookedAt = cycle;
    const answer = this.#ports.around.fetch(this.#firstPc, isCertain, cycle);
    this.waitsFor = fetchWaitBehind(answer, this.waitsFor);
    return outcomeOf(answer);
  }

  #hasRoom(): boolean {
    const { length } = this.#queue;
    if (length < QUEUE_WORDS - 2) return true;
    if (length < QUEUE_WORDS - 1) return !this.#isFirst || !this.#isSecond;
    return length < QUEUE_WORDS && !this.#isFirst && !this.#isSecond;
  }

  #moveQueue(accepts: boolean, flushes: boolean): void {
    const queue = this.#queue;
    if (flushes) {
      this.#buffer.clear();
      queue.length = 0;
      return;
    }
    if (accepts) {
      if (!this.offers) this.#buffer.takeRest();
      else if (this.#buffer.take(queue.front)) {
        // A word that is used as it arrives need not wait in the queue.
        if (queue.length === 0) return;
        queue.shift();
      }
    }
    if (this.#isArriving) queue.push();
  }

  /** Takes the word of the second stage apart. */
  #arrive(): void {
    const pc = this.#secondPc;
    const { entries, read } = this.#ports;
    const second = this.#second;
    const arrival = this.#arrival;
    const isThere = this.#outcome === FetchOutcome.there;
    const word = isThere ? read(pc - (pc & 3)) | 0 : 0;
    this.#isArriving = this.#queue.length < QUEUE_WORDS;
    arrival.scan(pc, word, this.#partial, second);
    const isFound = !second.taken && arrival.endsAt !== NO_HALF;
    const packet = this.#queue.arriving;
    packet.pc = pc;
    packet.word = word;
    packet.taken = second.taken || isFound;
    packet.half = isFound ? arrival.endsAt : second.half;
    packet.entry = isFound ? entries : second.entry;
    packet.history = second.history;
    packet.replays = arrival.isConfused || !isThere;
    if (arrival.learnsAt === NO_HALF || this.#queue.length >= MOST_TO_LEARN) return;
    const learnsAt = pc - (pc & 3) + 2 * arrival.learnsAt;
    this.#update = { entry: entries, isValid: true, kind: arrival.kind, pc: learnsAt };
  }

  /** What the predictors learn from the word that arrived, if the queue took it and the core has nothing else for them. */
  #learnFromArrival(isUpdated: boolean): void {
    const learns = this.#isArriving && !this.#isWrongPath;
    if (!learns || isUpdated) this.#update = undefined;
    if (!this.#isArriving) return;
    const { around } = this.#ports;
    const { stackChange, returnAddress, advances, partial, isWrong } = this.#arrival;
    if (learns) {
      if (stackChange === Transfer.call) around.pushReturn(returnAddress);
      else if (stackChange === Transfer.return) around.popReturn();
      if (advances) {
        around.predict(this.#second.direction);
        this.outcomes += 1;
      }
    }
    this.#partial = partial;
    if (isWrong) this.#isWrongPath = true;
  }
}

/** What the predictors said of a word on its way through the second stage. */
class SecondStage {
  isHit = false;
  taken = false;
  half = 0;
  entry = 0;
  history = 0;
  direction = 0;

  /** Puts it into a configuration, or takes it from there. */
  exchange(words: Configuration): void {
    this.isHit = words.flag(this.isHit);
    this.taken = words.flag(this.taken);
    this.half = words.number(this.half);
    this.entry = words.entry(this.entry);
    this.history = words.outcome(this.history);
    this.direction = words.number(this.direction);
  }
}

const NO_UPDATE: TargetUpdate = { entry: 0, isValid: false, kind: Transfer.jump, pc: 0 };
