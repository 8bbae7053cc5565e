import { Transfer } from './branch-target-buffer.ts';
import type { Configuration } from './configuration.ts';
import { FetchOutcome, fetchWaitBehind, outcomeOf } from './fetch-answer.ts';
import {
  ANY_PACKET,
  exchangePacket,
  type FetchPacket,
  type FetchPrediction,
} from './fetch-packet.ts';
import {
  compressedTransfer,
  isCompressed,
  type ScannedTransfer,
  wideTransfer,
} from './fetch-scan.ts';
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

/** Words that wait for decode. */
const QUEUE_WORDS = 5;
const HALF = 0xffff;

/**
 * Fetch (rocket-chip, Frontend.scala): an address per cycle goes to the predictors and the cache in the first stage, the word
 * comes in the second, is looked through for transfers that the target buffer did not know, and waits in a queue for decode.
 */
export class FrontEnd {
  readonly buffer = new InstructionBuffer();
  /** Outcomes that the history has taken in; less those that it has forgotten again. */
  outcomes = 0;
  /** The mechanism that fetch waits for, if it lacks something. */
  waitsFor: number | undefined;
  readonly #ports: FrontEndPorts;
  readonly #queue: FetchPacket[] = [];
  #isFirst = false;
  #wasFirst = false;
  #firstPc = 0;
  #isSecond = false;
  #secondPc = 0;
  #outcome: FetchOutcome = FetchOutcome.coming;
  #firstIsCertain = false;
  #secondIsCertain = false;
  #secondIsHit = false;
  #secondTaken = false;
  #secondHalf = 0;
  #secondEntry = 0;
  #secondHistory = 0;
  #secondDirection = 0;
  #replaying = true;
  #partial = 0;
  #hasPartial = false;
  #isWrongPath = false;
  /** The word that the second stage offers to the queue in this cycle. */
  #arriving: FetchPacket | undefined;
  #isArriving = false;
  /** What the second stage found out about the way on. */
  #foundPc = 0;
  #hasFoundPc = false;
  #endsHere = false;
  #update: TargetUpdate | undefined;
  /** What the target buffer was asked in the cycle before: to learn, or to note an entry as used. */
  #learning: TargetUpdate | undefined;
  #usedEntry = NO_ENTRY;
  #arrival = NO_ARRIVAL;
  /** The target buffer took the middle of an instruction for a transfer. */
  #isConfused = false;
  /** The cycle in which the cache was asked last. */
  #lookedAt = 0;

  constructor(ports: FrontEndPorts) {
    this.#ports = ports;
  }

  /** Nothing under way; the core says where to begin. */
  reset(): void {
    this.#queue.length = 0;
    this.buffer.clear();
    this.#isFirst = false;
    this.#wasFirst = false;
    this.#isSecond = false;
    this.#secondPc = 0;
    this.#replaying = true;
    this.#hasPartial = false;
    this.#isWrongPath = false;
    this.#arriving = undefined;
    this.#isArriving = false;
    this.#firstPc = 0;
    this.#firstIsCertain = false;
    this.#secondIsCertain = false;
    this.#learning = undefined;
    this.#usedEntry = NO_ENTRY;
    this.outcomes = 0;
    this.waitsFor = undefined;
  }

  /** Puts what is under way between two cycles into a configuration, or takes it from there. */
  exchange(words: Configuration): void {
    this.buffer.exchange(words);
    const { length } = this.#queue;
    this.#queue.length = words.number(length);
    for (let place = 0; place < this.#queue.length; place++) {
      const packet = place < length ? this.#queue[place] : undefined;
      this.#queue[place] = exchangePacket(words, packet ?? ANY_PACKET);
    }
    this.waitsFor = words.optional(this.waitsFor);
    this.#isFirst = words.flag(this.#isFirst);
    this.#wasFirst = words.flag(this.#wasFirst);
    this.#firstPc = words.address(this.#firstPc);
    this.#firstIsCertain = words.flag(this.#firstIsCertain);
    this.#secondPc = words.address(this.#secondPc);
    this.#secondIsCertain = words.flag(this.#secondIsCertain);
    this.#replaying = words.flag(this.#replaying);
    this.#isWrongPath = words.flag(this.#isWrongPath);
    this.#hasPartial = words.flag(this.#hasPartial);
    if (this.#hasPartial) this.#partial = words.number(this.#partial);
    this.#isSecond = words.flag(this.#isSecond);
    if (this.#isSecond) this.#exchangeSecond(words);
    this.#usedEntry = words.entry(this.#usedEntry);
    this.#exchangeLearning(words);
  }

  #exchangeSecond(words: Configuration): void {
    this.#outcome = words.number(this.#outcome) as FetchOutcome;
    this.#secondIsHit = words.flag(this.#secondIsHit);
    this.#secondTaken = words.flag(this.#secondTaken);
    this.#secondHalf = words.number(this.#secondHalf);
    this.#secondEntry = words.entry(this.#secondEntry);
    this.#secondHistory = words.outcome(this.#secondHistory);
    this.#secondDirection = words.number(this.#secondDirection);
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

  /** The word that decode is offered in this cycle. */
  get offered(): FetchPacket | undefined {
    return this.#queue[0] ?? this.#arriving;
  }

  /** Begins a cycle: brings the word of the second stage and shows decode the next instruction. */
  begin(): void {
    this.#hasFoundPc = false;
    this.#endsHere = false;
    this.#update = undefined;
    this.#arriving = undefined;
    this.#isArriving = false;
    this.#isConfused = false;
    if (this.#isSecond && this.#wasFirst && this.#outcome !== FetchOutcome.coming) this.#arrive();
    this.buffer.show(this.offered);
  }

  /**
   * Ends a cycle. `accepts`: decode takes the instruction, or has room for part of it. `redirect` is where the core makes fetch
   * go on, `isCertain` that it surely will, `update` what it makes the target buffer learn; `cycle` is this one.
   */
  end(
    accepts: boolean,
    redirect: number | undefined,
    isCertain: boolean,
    update: TargetUpdate | undefined,
    cycle: number,
  ): void {
    const { around } = this.#ports;
    const found = targetParts(around.target(this.#firstPc));
    const { isHit, isBranch, isReturn, half, target } = found;
    const entry = around.entryOf(this.#firstPc, found.entry);
    const prediction = around.direction(this.#firstPc);
    const takesIt = isHit && !(isBranch && prediction === 0);
    const goesBack = takesIt && isReturn ? around.returnTarget() : NOTHING;
    const goesTo = goesBack === NOTHING ? target : goesBack;
    const history = this.outcomes;

    // The second stage decides whether it must repeat itself, the first where to go on.
    const replays = (this.#isSecond && !this.#isArriving) || this.#replaying;
    const hasRoom = this.#hasRoom();
    const fetches = redirect !== undefined || hasRoom;
    let next: number;
    if (redirect !== undefined) next = redirect;
    else if (replays) next = this.#secondPc;
    else if (this.#hasFoundPc) next = this.#foundPc;
    else next = takesIt ? goesTo : this.#firstPc - (this.#firstPc & 3) + 4;
    const cancels = redirect !== undefined || this.#endsHere;

    this.#learnFromArrival(update);
    if (this.#learning !== undefined) around.learnTarget(this.#learning, this.#firstPc);
    else if (this.#usedEntry !== NO_ENTRY) around.useTarget(this.#usedEntry);
    this.#usedEntry = takesIt ? entry : NO_ENTRY;
    this.#learning = update ?? this.#update;
    if (this.#isConfused) around.dropTargets();
    this.#moveQueue(accepts, redirect !== undefined);

    const firstIsCertain = this.#firstIsCertain;
    const predicts = takesIt || (this.#isSecond && this.#secondIsCertain);
    if (redirect !== undefined) this.#firstIsCertain = isCertain;
    else if (replays) this.#firstIsCertain = this.#secondIsCertain;
    else this.#firstIsCertain = firstIsCertain && !predicts;
    const looks = !replays && !cancels && this.#isFirst;
    const outcome = looks ? this.#look(firstIsCertain, cycle) : FetchOutcome.coming;
    this.#isSecond = false;
    if (!replays) {
      this.#isSecond = !cancels;
      this.#secondPc = this.#firstPc;
      this.#outcome = outcome;
      this.#secondIsCertain = firstIsCertain;
      this.#secondIsHit = isHit;
      this.#secondTaken = takesIt;
      this.#secondHalf = half;
      this.#secondEntry = entry;
      this.#secondHistory = history;
      this.#secondDirection = prediction;
    }
    if (cancels) this.#hasPartial = false;
    if (redirect !== undefined) this.#isWrongPath = false;
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
    if (flushes) {
      this.buffer.clear();
      this.#queue.length = 0;
      return;
    }
    const offered = this.offered;
    const isUsedUp = accepts && this.buffer.take(offered);
    if (isUsedUp && this.#queue.length > 0) this.#queue.shift();
    else if (isUsedUp) return;
    if (this.#isArriving && this.#arriving !== undefined) this.#queue.push(this.#arriving);
  }

  /** Takes the word of the second stage apart: which of its instructions leads elsewhere. */
  #arrive(): void {
    const pc = this.#secondPc;
    const base = pc - (pc & 3);
    const isThere = this.#outcome === FetchOutcome.there;
    const word = isThere ? this.#ports.read(base) : 0;
    this.#isArriving = this.#queue.length < QUEUE_WORDS;
    const scan = this.#scan(word);
    this.#isConfused = scan.replays;
    const taken = this.#secondTaken || scan.endsAt >= 0;
    const isFound = !this.#secondTaken && scan.endsAt >= 0;
    const prediction: FetchPrediction = {
      taken,
      half: isFound ? scan.endsAt : this.#secondHalf,
      entry: isFound ? this.#ports.entries : this.#secondEntry,
      history: this.#secondHistory,
    };
    this.#arriving = { pc, word, prediction, replays: scan.replays || !isThere };
    if (isFound && this.#isArriving) this.#endsHere = true;
  }

  #scan(word: number): { endsAt: number; replays: boolean } {
    const { around, entries } = this.#ports;
    const first = (this.#secondPc >>> 1) & 1;
    const base = this.#secondPc - (this.#secondPc & 3);
    const predictsTaken = this.#secondDirection !== 0;
    let endsAt = -1;
    let replays = false;
    let previous = this.#partial;
    let hasPrevious = this.#hasPartial;
    let leavesPartial = false;
    let isWrong = false;
    let lastKind: Transfer = Transfer.jump;
    let stackChange: Transfer | undefined;
    let returnAddress = 0;
    let advances = false;
    let learns = false;
    let learnsAt = 0;
    for (let half = 0; half < 2; half++) {
      const bits = half === 0 ? word & HALF : word >>> 16;
      const endsWide = hasPrevious && !isCompressed(previous);
      const isStart = half >= first && !endsWide;
      if (this.#secondIsHit && this.#secondHalf === half && isStart && !isCompressed(bits)) {
        replays = true;
        isWrong = true;
      }
      let transfer: ScannedTransfer | undefined;
      if (endsWide) transfer = wideTransfer(((bits << 16) | previous) >>> 0);
      else if (isStart && isCompressed(bits)) transfer = compressedTransfer(bits);
      if (endsAt < 0) {
        const kind = transfer?.kind ?? Transfer.jump;
        lastKind = kind;
        learnsAt = half;
        returnAddress = base + 2 * (half + 1);
        stackChange =
          transfer !== undefined && (kind === Transfer.call || kind === Transfer.return)
            ? kind
            : undefined;
        if (transfer !== undefined) {
          const isBranch = kind === Transfer.branch;
          const isDirect = !isBranch && transfer.offset !== undefined;
          const goesBack = kind === Transfer.return ? around.returnTarget() : NOTHING;
          const isReturn = goesBack !== NOTHING;
          const follows = isReturn || isDirect || (isBranch && predictsTaken);
          const goes = !isBranch || predictsTaken;
          if (!this.#secondTaken) {
            if (goes && !follows) isWrong = true;
            if (isReturn) this.#setFound(goesBack);
            else if (follows) {
              const start = base + 2 * half - (endsWide ? 2 : 0);
              this.#setFound(start + (transfer.offset ?? 0));
            }
          }
          if (isBranch) advances = true;
          if (!this.#secondIsHit && follows) learns = true;
          if (goes) endsAt = half;
        }
      }
      if (half === 1) leavesPartial = isStart && endsAt < 0 && !isCompressed(bits);
      previous = bits;
      hasPrevious = isStart;
    }
    this.#arrival = {
      partial: leavesPartial && !(this.#secondTaken || endsAt >= 0) ? previous | 3 : -1,
      isWrong,
      stackChange,
      returnAddress,
      advances,
      update:
        learns && this.#queue.length < 2
          ? { entry: entries, isValid: true, kind: lastKind, pc: base + 2 * learnsAt }
          : undefined,
    };
    return { endsAt, replays };
  }

  #setFound(pc: number): void {
    this.#foundPc = pc;
    this.#hasFoundPc = true;
  }

  /** What the predictors learn from the word that arrived, if the queue took it. */
  #learnFromArrival(update: TargetUpdate | undefined): void {
    const arrival = this.#arrival;
    this.#arrival = NO_ARRIVAL;
    if (!this.#isArriving) return;
    const { around } = this.#ports;
    if (!this.#isWrongPath) {
      if (arrival.stackChange === Transfer.call) around.pushReturn(arrival.returnAddress);
      else if (arrival.stackChange === Transfer.return) around.popReturn();
      if (arrival.advances) {
        around.predict(this.#secondDirection);
        this.outcomes += 1;
      }
      if (update === undefined) this.#update = arrival.update;
    }
    this.#hasPartial = arrival.partial >= 0;
    this.#partial = arrival.partial;
    if (arrival.isWrong) this.#isWrongPath = true;
  }
}

const NO_ENTRY = -1;
const NO_UPDATE: TargetUpdate = { entry: 0, isValid: false, kind: Transfer.jump, pc: 0 };

interface Arrival {
  /** The first half of an instruction that the next word ends, or -1. */
  readonly partial: number;
  readonly isWrong: boolean;
  readonly stackChange: Transfer | undefined;
  readonly returnAddress: number;
  readonly advances: boolean;
  readonly update: TargetUpdate | undefined;
}

const NO_ARRIVAL: Arrival = {
  partial: -1,
  isWrong: false,
  stackChange: undefined,
  returnAddress: 0,
  advances: false,
  update: undefined,
};
