import { execute, type Execute, type TrapTransfer, trapTransferOf } from '../engine/index.ts';
import { decode, type Decoded, isPause, type Selection, type TimingClass } from '../isa/index.ts';
import type { Pipeline, Timed } from '../timing/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { WiredGuard } from './wired-guard.ts';

/** An instruction word taken apart and compiled. */
interface Known {
  readonly word: number;
  readonly decoded: Decoded;
  readonly execute: Execute;
  /** Whether it can write CSRs, change the mode, wait or pause. */
  readonly isSystem: boolean;
  /** What it does, if that is no more than to call or to return. */
  readonly transfer: TrapTransfer | undefined;
  /** Whether it goes elsewhere whatever its operands. */
  readonly isJump: boolean;
}

/** An instruction at its place, ready to execute. */
export interface Prepared extends Known {
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
    const { instruction } = decoded;
    const { timing } = instruction;
    const fresh = {
      word,
      decoded,
      execute: execute(instruction),
      isSystem: systemTimings.has(timing) || isPause(word),
      transfer: trapTransferOf(instruction),
      isJump: timing === 'jump' || timing === 'jumpRegister',
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
  readonly #csrs: CsrFile;
  /** Address bits below those that tell instructions apart. */
  readonly #unusedBits: number;
  readonly #entries: (Prepared | undefined)[] = new Array<undefined>(PLACES);

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
    const place = (index ^ (index >>> 12)) & (PLACES - 1);
    const entry = this.#entries[place];
    if (entry?.word === word) return entry;
    const known = this.#decoder.know(word);
    if (known === undefined) return undefined;
    const { decoded } = known;
    const isGuarded = Object.keys(decoded.guard).length > 0;
    // Named one by one: objects that are made by spreading have a shape each, for which the host has to search.
    const prepared: Prepared = {
      word: known.word,
      decoded,
      execute: known.execute,
      isSystem: known.isSystem,
      transfer: known.transfer,
      isJump: known.isJump,
      guard: isGuarded ? this.#csrs.wired(decoded.guard) : undefined,
      timed: this.#pipeline.time(decoded),
    };
    this.#entries[place] = prepared;
    return prepared;
  }
}
