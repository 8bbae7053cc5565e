import type { Code } from '../../wasm/index.ts';
import type { predictorLayout } from '../branch-predictor.ts';
import type { TimingParameters } from '../parameters.ts';

/** A function under construction that executes transfers. */
export interface TransferFrame {
  readonly code: Code;
  /** Local (i32) with the address of the hart's memory. */
  readonly hart: number;
  /** Local (i64) with the address of the page of all transfers, in functions that never leave it. */
  readonly page: number | undefined;
  /** Number of the function that `learnCode` generates. */
  readonly learn: number;
}

/** A transfer in it. */
export interface TransferSite {
  /** The place of the half-word that ends it in the page of the frame; `undefined` where only running code knows. */
  readonly inPage: number | undefined;
  /** Puts the address of that half-word (i64) on the stack. */
  readonly end: () => void;
  /** Puts the address that it leads to, where it is taken, on the stack (i64). */
  readonly target: () => void;
  /** Appends code that lets so many cycles pass on top of issue. */
  readonly wait: (cycles: number) => void;
}

/** What the code of a predictor is generated for: its function, and where its state lies in the hart's memory. */
export interface PredictorPlace extends TransferFrame {
  readonly parameters: TimingParameters;
  readonly layout: ReturnType<typeof predictorLayout>;
  /** Bytes from the start of the hart's memory to the predictor's state. */
  readonly offset: number;
}
