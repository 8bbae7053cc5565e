import type { BranchHistory } from './branch-history.ts';
import { type BranchTargetBuffer, type TargetUpdate, Transfer } from './branch-target-buffer.ts';
import type { FetchPacket, FetchPrediction } from './fetch-packet.ts';
import {
  compressedTransfer,
  isCompressed,
  type ScannedTransfer,
  wideTransfer,
} from './fetch-scan.ts';
import { InstructionBuffer } from './instruction-buffer.ts';
import type { ReturnStack } from './return-stack.ts';

/** What the front end is wired to. */
export interface FrontEndPorts {
  readonly targets: BranchTargetBuffer;
  readonly history: BranchHistory;
  readonly returns: ReturnStack;
  readonly entries: number;
  /** The word of memory at a virtual address that is a multiple of 4, for fetching only; 0 where there is nothing. */
  readonly read: (pc: number) => number;
  /**
   * Instruction TLB and cache, asked in the first stage. `isCertain`: the word is surely wanted, so that a line which misses
   * may be asked for.
   */
  readonly look: (pc: number, isCertain: boolean) => FetchOutcome;
}

/** What becomes of a fetch: the word is there, is being brought, or may only be asked for when nothing is before it. */
export type FetchOutcome = 'there' | 'coming' | 'forbidden';

/** Words that wait for decode. */
const QUEUE_WORDS = 5;
const HALF = 0xffff;

/**
 * Fetch (rocket-chip, Frontend.scala): an address per cycle goes to the predictors and the cache in the first stage, the word
 * comes in the second, is looked through for transfers that the target buffer did not know, and waits in a queue for decode.
 */
export class FrontEnd {
  readonly buffer = new InstructionBuffer();
  readonly #ports: FrontEndPorts;
  readonly #queue: FetchPacket[] = [];
  #isFirst = false;
  #wasFirst = false;
  #firstPc = 0;
  #isSecond = false;
  #secondPc = 0;
  #outcome: FetchOutcome = 'coming';
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
  #arrival = NO_ARRIVAL;
  /** The target buffer took the middle of an instruction for a transfer. */
  #isConfused = false;

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
    if (this.#isSecond && this.#wasFirst && this.#outcome !== 'coming') this.#arrive();
    this.buffer.show(this.offered);
  }

  /**
   * Ends a cycle. `accepts`: decode takes the instruction, or has room for part of it. `redirect` is where the core makes fetch
   * go on, `isCertain` that it surely will, `update` what it makes the target buffer learn.
   */
  end(
    accepts: boolean,
    redirect: number | undefined,
    isCertain: boolean,
    update: TargetUpdate | undefined,
  ): void {
    const { targets } = this.#ports;
    targets.lookup(this.#firstPc);
    const { found } = targets;
    const prediction = this.#ports.history.predict(this.#firstPc);
    const takesIt = found.isHit && !(found.isBranch && prediction === 0);
    const returns = found.isReturn && !this.#ports.returns.isEmpty;
    const target = returns ? this.#ports.returns.top : found.target;
    const history = this.#ports.history.history;

    // The second stage decides whether it must repeat itself, the first where to go on.
    const replays = (this.#isSecond && !this.#isArriving) || this.#replaying;
    const hasRoom = this.#hasRoom();
    const fetches = redirect !== undefined || hasRoom;
    let next: number;
    if (redirect !== undefined) next = redirect;
    else if (replays) next = this.#secondPc;
    else if (this.#hasFoundPc) next = this.#foundPc;
    else next = takesIt ? target : this.#firstPc - (this.#firstPc % 4) + 4;
    const cancels = redirect !== undefined || this.#endsHere;

    this.#learnFromArrival(update);
    targets.tick(this.#firstPc, takesIt ? found.entry : -1, update ?? this.#update);
    if (this.#isConfused) targets.flush();
    this.#moveQueue(accepts, redirect !== undefined);

    const firstIsCertain = this.#firstIsCertain;
    const predicts = takesIt || (this.#isSecond && this.#secondIsCertain);
    if (redirect !== undefined) this.#firstIsCertain = isCertain;
    else if (replays) this.#firstIsCertain = this.#secondIsCertain;
    else this.#firstIsCertain = firstIsCertain && !predicts;
    const looks = !replays && !cancels && this.#isFirst;
    const outcome = looks ? this.#ports.look(this.#firstPc, firstIsCertain) : 'coming';
    this.#isSecond = false;
    if (!replays) {
      this.#isSecond = !cancels;
      this.#secondPc = this.#firstPc;
      this.#outcome = outcome;
      this.#secondIsCertain = firstIsCertain;
      this.#secondIsHit = found.isHit;
      this.#secondTaken = takesIt;
      this.#secondHalf = found.half;
      this.#secondEntry = found.entry;
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
    const base = pc - (pc % 4);
    const isThere = this.#outcome === 'there';
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
    const { returns, entries } = this.#ports;
    const first = (this.#secondPc >>> 1) & 1;
    const base = this.#secondPc - (this.#secondPc % 4);
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
          const isReturn = kind === Transfer.return && !returns.isEmpty;
          const follows = isReturn || isDirect || (isBranch && predictsTaken);
          const goes = !isBranch || predictsTaken;
          if (!this.#secondTaken) {
            if (goes && !follows) isWrong = true;
            if (isReturn) this.#setFound(returns.top);
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
    const { returns, history } = this.#ports;
    if (!this.#isWrongPath) {
      if (arrival.stackChange === Transfer.call) returns.push(arrival.returnAddress);
      else if (arrival.stackChange === Transfer.return) returns.pop();
      if (arrival.advances) history.advance(this.#secondDirection);
      if (update === undefined) this.#update = arrival.update;
    }
    this.#hasPartial = arrival.partial >= 0;
    this.#partial = arrival.partial;
    if (arrival.isWrong) this.#isWrongPath = true;
  }
}

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
