import type { Decoded } from '../../isa/index.ts';
import type { Configuration } from './configuration.ts';
import { type InstructionView, NO_INSTRUCTION, viewOf } from './instruction-view.ts';

const NONE = -1;
const RECENT = 2048;
/** Bits of a word that tell registers and small numbers apart. */
const FOLD = 10;

/** The control words of the instructions that a core has seen, each worked out once and known by a number. */
export class ControlWords {
  readonly #decode: (word: number) => Decoded | undefined;
  readonly #byWord = new Map<number, InstructionView>();
  readonly #byNumber: InstructionView[] = [NO_INSTRUCTION];
  /** Some that were asked for lately. */
  readonly #recentWords = new Float64Array(RECENT).fill(NONE);
  readonly #recent: InstructionView[] = Array.from({ length: RECENT }, () => NO_INSTRUCTION);
  /** By number: the instruction. */
  readonly #words: number[] = [0];

  constructor(decode: (word: number) => Decoded | undefined) {
    this.#decode = decode;
  }

  /** The control word of an instruction. */
  of(word: number): InstructionView {
    const place = (word ^ (word >>> FOLD) ^ (word >>> (2 * FOLD))) & (RECENT - 1);
    if (this.#recentWords[place] === word) return this.#recent[place] ?? NO_INSTRUCTION;
    const view = this.#find(word);
    this.#recentWords[place] = word;
    this.#recent[place] = view;
    return view;
  }

  #find(word: number): InstructionView {
    let view = this.#byWord.get(word);
    if (view === undefined) {
      const decoded = this.#decode(word);
      view = decoded === undefined ? NO_INSTRUCTION : viewOf(decoded, this.#byNumber.length);
      if (decoded !== undefined) {
        this.#byNumber.push(view);
        this.#words.push(word);
      }
      this.#byWord.set(word, view);
    }
    return view;
  }

  /** The one with a number. */
  at(number: number): InstructionView {
    return this.#byNumber[number] ?? NO_INSTRUCTION;
  }

  /** The instruction whose control word has a number. */
  wordAt(number: number): number {
    return this.#words[number] ?? 0;
  }

  /** Puts one into a configuration, or takes it from there. */
  exchange(words: Configuration, view: InstructionView | undefined): InstructionView | undefined {
    const number = words.instruction(view === undefined ? NONE : view.number);
    return number === NONE ? undefined : this.at(number);
  }
}
