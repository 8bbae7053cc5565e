import type { Configuration } from './configuration.ts';

/** What the predictors said when a word was fetched. */
export interface FetchPrediction {
  /** Whether fetch went on elsewhere behind the half-word `half`. */
  taken: boolean;
  half: number;
  /** The entry of the target buffer, or one past its last. */
  entry: number;
  /** How many outcomes were in the history when the word was looked up. */
  history: number;
}

const WORD_HALVES = 2;

/** Room for a fetched word on its way to decode. */
export class FetchPacket implements FetchPrediction {
  /** Address of the first half-word that is wanted. */
  pc = 0;
  /** The aligned word of memory. */
  word = 0;
  taken = false;
  half = 0;
  entry = 0;
  history = 0;
  /** Must be fetched again once nothing before it is in the way. */
  replays = false;

  /** Half-words up to the one behind which fetch went on elsewhere. */
  get end(): number {
    return this.taken ? this.half + 1 : WORD_HALVES;
  }

  /** Puts it into a configuration, or takes it from there. */
  exchange(words: Configuration): void {
    this.pc = words.address(this.pc);
    this.word = words.number(this.word);
    exchangePrediction(words, this);
    this.replays = words.flag(this.replays);
  }
}

/** What decode sees: an instruction, or the part of one. */
export class FetchedInstruction implements FetchPrediction {
  /** Whether it is complete. */
  isValid = false;
  pc = 0;
  /** 16 or 32 bits; what lies beyond the fetched part is noise. */
  word = 0;
  isCompressed = false;
  replays = false;
  taken = false;
  half = 0;
  entry = 0;
  history = 0;
}

/** Puts a prediction into a configuration, or takes it from there. */
export function exchangePrediction(words: Configuration, prediction: FetchPrediction): void {
  prediction.taken = words.flag(prediction.taken);
  prediction.half = words.number(prediction.half);
  prediction.entry = words.entry(prediction.entry);
  prediction.history = words.outcome(prediction.history);
}

/** Copies a prediction. */
export function copyPrediction(from: FetchPrediction, to: FetchPrediction): void {
  to.taken = from.taken;
  to.half = from.half;
  to.entry = from.entry;
  to.history = from.history;
}
