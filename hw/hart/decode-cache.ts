import { execute, type Execute } from '../engine/index.ts';
import { decode, type Decoded, isPause, type Selection, type TimingClass } from '../isa/index.ts';
import type { Pipeline, Timed } from '../timing/index.ts';

/** An instruction word taken apart and compiled. */
interface Known {
  readonly word: number;
  readonly decoded: Decoded;
  readonly execute: Execute;
  /** Whether some mode may not execute it. */
  readonly isGuarded: boolean;
  /** Whether it can write CSRs, change the mode, wait or pause. */
  readonly isSystem: boolean;
}

/** An instruction at its place, ready to execute. */
export interface Prepared extends Known {
  readonly timed: Timed;
}

const systemTimings: ReadonlySet<TimingClass> = new Set([
  'csr',
  'translationFence',
  'trapReturn',
  'wait',
] as const);

const PLACES = 0x1_0000;
const MOST_WORDS = 0x1_0000;

/** The instruction words, and 16-bit instructions, that one hart has met, taken apart once each. */
export class Decoder {
  readonly #selection: Selection;
  readonly #known = new Map<number, Known>();

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  /** What a word means; `undefined` is no instruction. */
  know(word: number): Known | undefined {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const decoded = decode(word, this.#selection);
    if (decoded === undefined) return undefined;
    const { instruction, guard } = decoded;
    const fresh = {
      word,
      decoded,
      execute: execute(instruction),
      isGuarded: Object.keys(guard).length > 0,
      isSystem: systemTimings.has(instruction.timing) || isPause(word),
    };
    // Data that is executed could fill the memory of the host.
    if (this.#known.size >= MOST_WORDS) this.#known.clear();
    this.#known.set(word, fresh);
    return fresh;
  }
}

/**
 * Prepared instructions of one hart, at the place where their address leads. An entry is valid while the word there is the
 * word just fetched, so that modified code needs no invalidation.
 */
export class DecodeCache {
  readonly #decoder: Decoder;
  readonly #pipeline: Pipeline;
  /** Address bits below those that tell instructions apart. */
  readonly #unusedBits: number;
  readonly #entries: (Prepared | undefined)[] = new Array<undefined>(PLACES);

  constructor(decoder: Decoder, pipeline: Pipeline, instructionAlignment: 2 | 4) {
    this.#decoder = decoder;
    this.#pipeline = pipeline;
    this.#unusedBits = instructionAlignment / 2;
  }

  /** The instruction of a word fetched from the address whose low half is given; `undefined` is no instruction. */
  prepare(low: number, word: number): Prepared | undefined {
    // Images are linked at like offsets; their upper bits keep them apart.
    const index = low >>> this.#unusedBits;
    const place = (index ^ (index >>> 12)) & (PLACES - 1);
    const entry = this.#entries[place];
    if (entry?.word === word) return entry;
    const known = this.#decoder.know(word);
    if (known === undefined) return undefined;
    const prepared = { ...known, timed: this.#pipeline.time(known.decoded) };
    this.#entries[place] = prepared;
    return prepared;
  }
}
