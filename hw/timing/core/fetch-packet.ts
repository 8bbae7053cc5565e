import type { Configuration } from './configuration.ts';

/** What the predictors said when a word was fetched. */
export interface FetchPrediction {
  /** Whether fetch went on elsewhere behind the half-word `half`. */
  readonly taken: boolean;
  readonly half: number;
  /** The entry of the target buffer, or one past its last. */
  readonly entry: number;
  /** How many outcomes were in the history when the word was looked up. */
  readonly history: number;
}

/** A fetched word on its way to decode. */
export interface FetchPacket {
  /** Address of the first half-word that is wanted. */
  readonly pc: number;
  /** The aligned word of memory. */
  readonly word: number;
  readonly prediction: FetchPrediction;
  /** Must be fetched again once nothing before it is in the way. */
  readonly replays: boolean;
}

/** What decode sees: an instruction, or the part of one. */
export interface FetchedInstruction {
  /** Whether it is complete. */
  isValid: boolean;
  pc: number;
  /** 16 or 32 bits; what lies beyond the fetched part is noise. */
  word: number;
  isCompressed: boolean;
  replays: boolean;
  prediction: FetchPrediction;
}

/** No prediction was made. */
export const NO_PREDICTION: FetchPrediction = { taken: false, half: 0, entry: 0, history: 0 };

/** Puts a prediction into a configuration, or takes it from there. */
export function exchangePrediction(
  words: Configuration,
  { taken, half, entry, history }: FetchPrediction,
): FetchPrediction {
  return {
    taken: words.flag(taken),
    half: words.number(half),
    entry: words.entry(entry),
    history: words.outcome(history),
  };
}

/** The same for a fetched word. */
export function exchangePacket(
  words: Configuration,
  { pc, word, prediction, replays }: FetchPacket,
): FetchPacket {
  return {
    pc: words.address(pc),
    word: words.number(word) >>> 0,
    prediction: exchangePrediction(words, prediction),
    replays: words.flag(replays),
  };
}

/** A word that stands for any. */
export const ANY_PACKET: FetchPacket = {
  pc: 0,
  word: 0,
  prediction: NO_PREDICTION,
  replays: false,
};
