import {
  modeContext,
  MODE_RECORDS_BYTES,
  type RunWord,
  transitionLayout,
} from '../../engine/index.ts';
import { type Mode, modeNumber, modes } from '../../isa/index.ts';

/** What generated code works with in a mode: words of the same names as in `RunWord`. */
type ModeWords = Readonly<
  Record<
    Extract<
      keyof typeof RunWord,
      'leaves' | 'readTable' | 'writeTable' | 'fetchTable' | 'csrTable'
    >,
    number
  >
>;

const WORD = Uint32Array.BYTES_PER_ELEMENT;

/** What generated code must know of a mode to enter it, for every mode that a hart has been in since it became outdated. */
export class ModeContexts {
  readonly #words: Uint32Array;
  readonly #offset: number;
  #isAnyValid = true;
  #floatModes = { host: -1, guest: -1 };

  /** Keeps them in the memory for transitions, `offset` bytes into the buffer. */
  constructor(buffer: ArrayBuffer, offset: number) {
    this.#words = new Uint32Array(buffer, offset + transitionLayout.contexts);
    this.#offset = offset;
    for (const mode of modes) this.#put(mode, 'transitions', this.recordsOf(mode));
  }

  /** Where the records of a mode begin. */
  recordsOf(mode: Mode): number {
    return this.#offset + transitionLayout.records + modeNumber(mode) * MODE_RECORDS_BYTES;
  }

  /** Nothing of it is true any more. */
  clear(): void {
    if (!this.#isAnyValid) return;
    this.#isAnyValid = false;
    for (const mode of modes) this.#put(mode, 'isValid', 0);
  }

  /** Whether a mode can be entered. */
  has(mode: Mode): boolean {
    return this.#words[(modeNumber(mode) * modeContext.bytes + modeContext.isValid) / WORD] !== 0;
  }

  /** Notes what there is to know of a mode. */
  note(mode: Mode, words: ModeWords): void {
    for (const name of ['leaves', 'readTable', 'writeTable', 'fetchTable', 'csrTable'] as const) {
      this.#put(mode, name, words[name]);
    }
    this.#put(mode, 'isValid', 1);
    this.#isAnyValid = true;
  }

  /** Takes what floating-point instructions may do with V=0 and V=1. */
  setFloatModes(host: number, guest: number): void {
    if (host === this.#floatModes.host && guest === this.#floatModes.guest) return;
    this.#floatModes = { host, guest };
    for (const mode of modes) {
      this.#put(mode, 'floatMode', mode === 'VS' || mode === 'VU' ? guest : host);
    }
  }

  #put(mode: Mode, word: Exclude<keyof typeof modeContext, 'bytes'>, value: number): void {
    this.#words[(modeNumber(mode) * modeContext.bytes + modeContext[word]) / WORD] = value;
  }
}
