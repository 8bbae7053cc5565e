import { hartStateOffsets } from '../hart-state.ts';

const words = {
  base: 0,
  entry: 1,
  previous: 2,
  older: 3,
  left: 4,
  extra: 5,
  readTable: 6,
  writeTable: 7,
  fetchTable: 8,
  leaves: 9,
} as const;

type RunWord = keyof typeof words;

/**
 * Where a hart's state holds the words that generated code and its caller hand each other, in bytes:
 * `base` address of the entries of the current page; `entry`, `previous`, `older` of the next and the last two
 * instructions in line; `left` cycles (signed); `extra` cycles among those that passed that are not issue; the filter tables
 * in force; `leaves` of the cycle tree in force.
 */
export const runOffsets = Object.fromEntries(
  Object.entries(words).map(([name, index]) => [name, hartStateOffsets.run + 4 * index]),
) as Readonly<Record<RunWord, number>>;

/** The same words, for the caller. */
export class RunState {
  readonly #words: Uint32Array;

  /** Views the words of the hart whose memory begins at `offset`. */
  constructor(buffer: ArrayBufferLike, offset: number) {
    this.#words = new Uint32Array(buffer, offset + hartStateOffsets.run, Object.keys(words).length);
  }

  /** Reads an unsigned word. */
  get(word: RunWord): number {
    return this.#words[words[word]] ?? 0;
  }

  /** Changes a word. */
  set(word: RunWord, value: number): void {
    this.#words[words[word]] = value;
  }
}
