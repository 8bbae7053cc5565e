import { Transfer } from './branch-target-buffer.ts';
import {
  compressedIsIndirect,
  compressedOffset,
  compressedTransfer,
  isCompressed,
  NO_TRANSFER,
  wideIsIndirect,
  wideOffset,
  wideTransfer,
} from './fetch-scan.ts';
import { NOTHING, type Surroundings } from './surroundings.ts';

const HALF = 0xffff;
/** No half-word of the two. */
export const NO_HALF = -1;
/** No part of an instruction, which would be 16 bits. */
export const NO_PARTIAL = -1;

/** What the predictors said of a word when its fetch began. */
export interface ArrivalPrediction {
  readonly isHit: boolean;
  readonly taken: boolean;
  /** The half-word that ends the transfer that was found. */
  readonly half: number;
  /** What the direction predictor says: 1 is taken. */
  readonly direction: number;
}

/** What the second stage of fetch finds in a word: which of its instructions leads elsewhere, though the target buffer did not know. */
export class FetchArrival {
  /** The half-word behind which fetch goes on elsewhere, or `NO_HALF`. */
  endsAt = NO_HALF;
  /** The target buffer took the middle of an instruction for a transfer. */
  isConfused = false;
  /** Where fetch goes on, if the word says so. */
  hasFoundPc = false;
  foundPc = 0;
  /** The first half of an instruction that the next word ends, or `NO_PARTIAL`. */
  partial = NO_PARTIAL;
  /** What is fetched next is not what follows. */
  isWrong = false;
  /** The return stack takes or gives an address: a call or a return, or `NO_TRANSFER`. */
  stackChange = NO_TRANSFER;
  returnAddress = 0;
  /** The history takes in an outcome. */
  advances = false;
  /** The half-word that ends a transfer which the target buffer is to learn, or `NO_HALF`; and its kind. */
  learnsAt = NO_HALF;
  kind: Transfer = Transfer.jump;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Looks through a word that was fetched from `pc` on; `before` is the first half of an instruction that it ends, or `NO_PARTIAL`. */
  scan(pc: number, word: number, before: number, prediction: ArrivalPrediction): void {
    const first = (pc >>> 1) & 1;
    const base = pc - (pc & 3);
    this.endsAt = NO_HALF;
    this.isConfused = false;
    this.hasFoundPc = false;
    this.isWrong = false;
    this.stackChange = NO_TRANSFER;
    this.advances = false;
    this.learnsAt = NO_HALF;
    this.kind = Transfer.jump;
    let previous = before;
    let endsWide = before !== NO_PARTIAL && !isCompressed(before);
    let leavesPartial = false;
    for (let half = 0; half < 2; half++) {
      const bits = half === 0 ? word & HALF : word >>> 16;
      const isStart = half >= first && !endsWide;
      const isShort = isCompressed(bits);
      const { isHit } = prediction;
      if (isHit && prediction.half === half && isStart && !isShort) {
        this.isConfused = true;
        this.isWrong = true;
      }
      if (this.endsAt === NO_HALF) {
        this.stackChange = NO_TRANSFER;
        this.kind = Transfer.jump;
        if (endsWide) this.#passWide(base, half, (bits << 16) | previous, prediction);
        else if (isStart && isShort) this.#passShort(base, half, bits, prediction);
        this.returnAddress = base + 2 * (half + 1);
      }
      if (half === 1) leavesPartial = isStart && this.endsAt === NO_HALF && !isShort;
      previous = bits;
      endsWide = isStart && !isShort;
    }
    const goesOn = leavesPartial && !prediction.taken && this.endsAt === NO_HALF;
    this.partial = goesOn ? previous | 3 : NO_PARTIAL;
  }

  #passWide(base: number, half: number, word: number, prediction: ArrivalPrediction): void {
    const kind = wideTransfer(word);
    if (kind === NO_TRANSFER) return;
    const isIndirect = wideIsIndirect(word);
    const target = isIndirect ? 0 : base + 2 * half - 2 + wideOffset(word);
    this.#pass(kind, half, isIndirect, target, prediction);
  }

  #passShort(base: number, half: number, bits: number, prediction: ArrivalPrediction): void {
    const kind = compressedTransfer(bits);
    if (kind === NO_TRANSFER) return;
    const isIndirect = compressedIsIndirect(bits);
    const target = isIndirect ? 0 : base + 2 * half + compressedOffset(bits);
    this.#pass(kind, half, isIndirect, target, prediction);
  }

  /** A transfer that ends with a half-word, and its target unless a register says where it goes. */
  #pass(
    kind: Transfer,
    half: number,
    isIndirect: boolean,
    target: number,
    prediction: ArrivalPrediction,
  ): void {
    this.kind = kind;
    if (kind === Transfer.call || kind === Transfer.return) this.stackChange = kind;
    const isBranch = kind === Transfer.branch;
    const goes = !isBranch || prediction.direction !== 0;
    const goesBack = kind === Transfer.return ? this.#around.returnTarget() : NOTHING;
    const isReturn = goesBack !== NOTHING;
    const follows = isReturn || (goes && !isIndirect);
    if (!prediction.taken) {
      if (goes && !follows) this.isWrong = true;
      if (follows) {
        this.hasFoundPc = true;
        this.foundPc = isReturn ? goesBack : target;
      }
    }
    if (isBranch) this.advances = true;
    if (!prediction.isHit && follows) this.learnsAt = half;
    if (goes) this.endsAt = half;
  }
}
