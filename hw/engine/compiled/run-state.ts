import { hartStateOffsets } from '../hart-state.ts';

/** The words that generated code and its caller hand each other, by their place. */
export const RunWord = {
  /** Address of the entries of the current page. */
  base: 0,
  /** Addresses of the entries of the next instruction and of the last two in line. */
  entry: 1,
  previous: 2,
  older: 3,
  /** Cycles that were not used up, signed. */
  left: 4,
  /** Cycles among those that passed that are not issue. */
  extra: 5,
  /** The filter tables in force. */
  readTable: 6,
  writeTable: 7,
  fetchTable: 8,
  /** The leaves of the cycle tree in force. */
  leaves: 9,
  /** What floating-point instructions may do (`FloatMode`). */
  floatMode: 10,
  /** The records of the mode in force (`directCsr`). */
  csrTable: 11,
} as const;

const WORD_COUNT = Object.keys(RunWord).length;

/** Where they are in a hart's state, in bytes. */
export const runOffsets = Object.fromEntries(
  Object.entries(RunWord).map(([name, index]) => [name, hartStateOffsets.run + 4 * index]),
) as Readonly<Record<keyof typeof RunWord, number>>;

/** The words of the hart whose memory begins at `offset` of the buffer. */
export function runWords(buffer: ArrayBufferLike, offset: number): Uint32Array {
  return new Uint32Array(buffer, offset + hartStateOffsets.run, WORD_COUNT);
}
