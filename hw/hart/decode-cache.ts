import { execute, type Execute } from '../engine/index.ts';
import { decode, type Decoded, type Selection, type TimingClass } from '../isa/index.ts';
import type { Pipeline, Timed } from '../timing/index.ts';

/** An instruction word, ready to execute. */
export interface Prepared {
  readonly word: number;
  readonly decoded: Decoded;
  readonly execute: Execute;
  readonly timed: Timed;
  /** Whether some mode may not execute it. */
  readonly isGuarded: boolean;
  /** Whether it can write CSRs, change the mode or wait. */
  readonly isSystem: boolean;
}

const systemTimings: ReadonlySet<TimingClass> = new Set([
  'csr',
  'translationFence',
  'trapReturn',
  'wait',
] as const);

const PLACES = 0x1_0000;

/**
 * Prepared instructions of one hart, at the place where their address leads. An entry is valid while the word there is the
 * word just fetched, so that modified code needs no invalidation.
 */
export class DecodeCache {
  readonly #selection: Selection;
  readonly #pipeline: Pipeline;
  readonly #entries: (Prepared | undefined)[] = new Array<undefined>(PLACES);

  constructor(selection: Selection, pipeline: Pipeline) {
    this.#selection = selection;
    this.#pipeline = pipeline;
  }

  /** The instruction of a word fetched from the address whose low half is given; `undefined` is no instruction. */
  prepare(low: number, word: number): Prepared | undefined {
    const place = (low >>> 2) & (PLACES - 1);
    const entry = this.#entries[place];
    if (entry?.word === word) return entry;
    const decoded = decode(word, this.#selection);
    if (decoded === undefined) return undefined;
    const prepared = {
      word,
      decoded,
      execute: execute(decoded.instruction),
      timed: this.#pipeline.time(decoded),
      isGuarded: Object.keys(decoded.guard).length > 0,
      isSystem: systemTimings.has(decoded.instruction.timing),
    };
    this.#entries[place] = prepared;
    return prepared;
  }
}
