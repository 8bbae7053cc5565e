import { execute, type Execute, type TrapTransfer, trapTransferOf } from '../engine/index.ts';
import {
  type Decoded,
  decoderOf,
  isPause,
  type Selection,
  type TimingClass,
} from '../isa/index.ts';
import type { Pipeline, Timed } from '../timing/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { WiredGuard } from './wired-guard.ts';

/** An instruction at its place, taken apart and ready to execute. */
export interface Prepared {
  readonly word: number;
  readonly decoded: Decoded;
  readonly execute: Execute;
  /** Whether it can write CSRs, change the mode, wait or pause. */
  readonly isSystem: boolean;
  /** What it does, if that is no more than to call or to return. */
  readonly transfer: TrapTransfer | undefined;
  /** Whether it goes elsewhere whatever its operands. */
  readonly isJump: boolean;
  /** Who may execute it; `undefined` if every mode may. */
  readonly guard: WiredGuard | undefined;
  readonly timed: Timed;
}

const systemTimings: ReadonlySet<TimingClass> = new Set([
  'csr',
  'translationFence',
  'trapReturn',
  'wait',
] as const);

/** Places of a cache, a power of two: at first, and when it has grown to where code that is executed over and over fits. */
const FIRST_PLACES = 0x400;
const MOST_PLACES = 0x1_0000;
/** Words that are remembered, a power of two: code that is executed once fills the host's memory with what nobody asks for again. */
const WORD_PLACES = 2 ** 13;
/** An odd number that spreads words over those places by its product's upper bits (2 ** 32 over the golden ratio). */
const SPREADING = 0x9e37_79b1;
const SPREAD_SHIFT = 32 - Math.log2(WORD_PLACES);

/** The instruction words, and 16-bit instructions, that one hart has met lately, taken apart. */
export class Decoder {
  readonly #decode: (word: number) => Decoded | undefined;
  /** By place: the word that was met there last. */
  readonly #words = new Uint32Array(WORD_PLACES);
  /** What it means, if it has been met there twice: what is met once does not outlive its use, and costs the collector nothing. */
  readonly #known: (Decoded | undefined)[] = new Array<undefined>(WORD_PLACES);

  constructor(selection: Selection) {
    this.#decode = decoderOf(selection);
  }

  /** What a word means; `undefined` is no instruction. */
  decode(word: number): Decoded | undefined {
    const place = Math.imul(word, SPREADING) >>> SPREAD_SHIFT;
    if (this.#words[place] !== word) {
      this.#words[place] = word;
      this.#known[place] = undefined;
      return this.#decode(word);
    }
    return (this.#known[place] ??= this.#decode(word));
  }
}

/**
 * Prepared instructions of one hart, at the place where their address leads. An entry is valid while the word there is the
 * word just fetched, so that modified code needs no invalidation.
 */
export class DecodeCache {
  readonly #decoder: Decoder;
  readonly #pipeline: Pipeline;
  readonly #csrs: CsrFile;
  /** Address bits below those that tell instructions apart. */
  readonly #unusedBits: number;
  #entries: (Prepared | undefined)[] = new Array<undefined>(FIRST_PLACES);
  /** Instructions that have been prepared since it last grew. */
  #preparedCount = 0;

  constructor(decoder: Decoder, pipeline: Pipeline, csrs: CsrFile, instructionAlignment: 2 | 4) {
    this.#decoder = decoder;
    this.#pipeline = pipeline;
    this.#csrs = csrs;
    this.#unusedBits = instructionAlignment / 2;
  }

  /** The instruction of a word fetched from the address whose low half is given; `undefined` is no instruction. */
  prepare(low: number, word: number): Prepared | undefined {
    // Images are linked at like offsets; their upper bits keep them apart.
    const index = low >>> this.#unusedBits;
    const place = index ^ (index >>> 12);
    const entry = this.#entries[place & (this.#entries.length - 1)];
    if (entry?.word === word) return entry;
    const decoded = this.#decoder.decode(word);
    if (decoded === undefined) return undefined;
    const { instruction } = decoded;
    const { timing } = instruction;
    const isGuarded = Object.keys(decoded.guard).length > 0;
    // Named one by one: objects that are made by spreading have a shape each, for which the host has to search.
    const prepared: Prepared = {
      word,
      decoded,
      execute: execute(instruction),
      isSystem: systemTimings.has(timing) || isPause(word),
      transfer: trapTransferOf(instruction),
      isJump: timing === 'jump' || timing === 'jumpRegister',
      guard: isGuarded ? this.#csrs.wired(decoded.guard) : undefined,
      timed: this.#pipeline.time(decoded),
    };
    this.#grow();
    this.#entries[place & (this.#entries.length - 1)] = prepared;
    return prepared;
  }

  /** Makes room when most places have been taken once; what is asked for again is prepared again. */
  #grow(): void {
    const { length } = this.#entries;
    this.#preparedCount += 1;
    if (this.#preparedCount < length || length === MOST_PLACES) return;
    this.#preparedCount = 0;
    this.#entries = new Array<undefined>(4 * length);
  }
}
