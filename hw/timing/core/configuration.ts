import { isName } from './entry-names.ts';

/**
 * What the stages of a core hold at a commit, as words: either being written down, where each method returns what it is given, or
 * being read back. Times and ages are relative, so that the same situation has the same words whenever it comes up.
 */
export interface Configuration {
  flag(value: boolean): boolean;
  /** A whole number of 32 bits. */
  number(value: number): number;
  /** The same, if there is one; numbers are not negative. */
  optional(value: number | undefined): number | undefined;
  /** A virtual address. */
  address(value: number): number;
  /** A cycle that means nothing once it has passed, or -1. */
  deadline(value: number): number;
  /** A cycle that has come once it has passed; -1 if it never will, `Infinity` if nobody knows. */
  due(value: number): number;
  /** An instruction by the number of its control word, or -1. */
  instruction(value: number): number;
  /** A position in the history of outcomes. */
  outcome(value: number): number;
  /** An entry of the target buffer, by its number or by a name (`entry-names.ts`). */
  entry(value: number): number;
}

const HIGH = 2 ** 32;
const NEVER = -1;
const UNKNOWN = -2;
const BITS = 32;
/** Words in front of all others that hold flags. */
const FLAG_WORDS = 4;
/** Behind those, and the context. */
const FIRST_WORD = FLAG_WORDS + 1;

/** What times and outcomes are relative to. */
export interface Present {
  readonly cycle: number;
  readonly outcome: number;
}

/** Writes a configuration down. */
export class ConfigurationWriter implements Configuration {
  /** Words of the last one, of which the first `length` count. */
  words = new Int32Array(128);
  length = 0;
  /** The names of entries in it. */
  readonly names: number[] = [];
  #present: Present = { cycle: 0, outcome: 0 };
  #flagCount = 0;

  /** Begins anew, for a context that is part of the configuration. */
  begin(present: Present, context: number): void {
    this.#present = present;
    this.length = FIRST_WORD;
    this.words.fill(0, 0, FIRST_WORD);
    this.words[FLAG_WORDS] = context;
    this.#flagCount = 0;
    this.names.length = 0;
  }

  flag(value: boolean): boolean {
    const word = this.#flagCount >>> 5;
    if (word >= FLAG_WORDS) throw new RangeError('a configuration has too many flags');
    const bit = 1 << (this.#flagCount & (BITS - 1));
    if (value) this.words[word] = (this.words[word] ?? 0) | bit;
    this.#flagCount += 1;
    return value;
  }

  number(value: number): number {
    this.#put(value);
    return value;
  }

  optional(value: number | undefined): number | undefined {
    this.#put(value ?? NEVER);
    return value;
  }

  address(value: number): number {
    this.#put(value | 0);
    this.#put(Math.floor(value / HIGH));
    return value;
  }

  deadline(value: number): number {
    const { cycle } = this.#present;
    this.#put(value <= cycle ? NEVER : value - cycle);
    return value;
  }

  due(value: number): number {
    const { cycle } = this.#present;
    if (value === Infinity) this.#put(UNKNOWN);
    else this.#put(value === NEVER ? NEVER : Math.max(0, value - cycle));
    return value;
  }

  instruction(value: number): number {
    return this.number(value);
  }

  outcome(value: number): number {
    this.#put(this.#present.outcome - value);
    return value;
  }

  entry(value: number): number {
    if (isName(value)) this.names.push(value);
    this.#put(value);
    return value;
  }

  #put(word: number): void {
    if (this.length === this.words.length) {
      const words = new Int32Array(2 * this.length);
      words.set(this.words);
      this.words = words;
    }
    this.words[this.length] = word;
    this.length += 1;
  }
}

/** Reads a configuration back. */
export class ConfigurationReader implements Configuration {
  /** The names of entries in it. */
  readonly names: number[] = [];
  #words: Int32Array = new Int32Array(0);
  #start = 0;
  #place = 0;
  #present: Present = { cycle: 0, outcome: 0 };
  #flagCount = 0;

  /** Begins with the words of a configuration that lie somewhere. */
  begin(words: Int32Array, place: number, present: Present): void {
    this.#words = words;
    this.#start = place;
    this.#place = place + FIRST_WORD;
    this.#present = present;
    this.#flagCount = 0;
    this.names.length = 0;
  }

  flag(): boolean {
    const word = this.#words[this.#start + (this.#flagCount >>> 5)] ?? 0;
    const isSet = ((word >>> (this.#flagCount & (BITS - 1))) & 1) === 1;
    this.#flagCount += 1;
    return isSet;
  }

  number(): number {
    return this.#take();
  }

  optional(): number | undefined {
    const value = this.#take();
    return value === NEVER ? undefined : value;
  }

  address(): number {
    const low = this.#take() >>> 0;
    return low + this.#take() * HIGH;
  }

  deadline(): number {
    const value = this.#take();
    return value === NEVER ? NEVER : this.#present.cycle + value;
  }

  due(): number {
    const value = this.#take();
    if (value === UNKNOWN) return Infinity;
    return value === NEVER ? NEVER : this.#present.cycle + value;
  }

  instruction(): number {
    return this.number();
  }

  outcome(): number {
    return this.#present.outcome - this.#take();
  }

  entry(): number {
    const value = this.#take();
    if (isName(value)) this.names.push(value);
    return value;
  }

  #take(): number {
    const word = this.#words[this.#place] ?? 0;
    this.#place += 1;
    return word;
  }
}
