/** What the predictors said when a word was fetched. */
export interface FetchPrediction {
  /** Whether fetch went on elsewhere behind the half-word `half`. */
  readonly taken: boolean;
  readonly half: number;
  /** The entry of the target buffer, or one past its last. */
  readonly entry: number;
  /** Of the direction predictor, when the word was looked up. */
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
