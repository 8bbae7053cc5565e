import { hartStateOffsets } from '../hart-state.ts';

/** The words that generated code and its caller hand each other, by their place. */
export const RunWord = {
  /** Address of the entries of the current page. */
  base: 0,
  /** Address of the entry of the next instruction. */
  entry: 1,
  /** What the last two instructions in line left (`trail.ts`). */
  trail: 2,
  /** Cycles that are not used up, signed. */
  left: 3,
  /** Cycles among those that passed since `begun` that are not issue. */
  extra: 4,
  /** The filter tables in force. */
  readTable: 5,
  writeTable: 6,
  fetchTable: 7,
  /** The leaves of the cycle tree in force. */
  leaves: 8,
  /** What floating-point instructions may do (`FloatMode`). */
  floatMode: 9,
  /** The records of the mode in force (`directCsr`). */
  csrTable: 10,
  /** Where harts take turns: address of the memory of the next in line, `NO_HART` of the last. */
  nextHart: 11,
  /** The records of what traps and returns do in the mode in force (`transitionRecord`); 0 leaves them to somebody else. */
  transitions: 12,
  /** Set where none of them held. */
  missed: 13,
  /** Where transitions are noted (`transitionEvent`), and how many have been. */
  log: 14,
  logged: 15,
  /** What was left when the hart's counts were brought up to date. */
  begun: 16,
  /** Cycles of walks since, which are in the hart's count already. */
  walked: 17,
  /** Cycles of walks that generated code has not yet taken from what it has left. */
  owed: 18,
  /** Addresses of what the hart's translation unit keeps (`translationOffsets`), and of its filter. */
  translation: 19,
  filter: 20,
  /** Low halves of the cycles in which everything that is left is used up, and what is left of the turn. */
  limit: 21,
  end: 22,
  /** Where caches are modelled: address of the lines of the current page that fetches find in the cache, a bit each (u64). */
  fetched: 23,
  /** Cycles that are left in the cycle behind the first store to a line. */
  soiled: 24,
  /** Cycles that were left when the last line was fetched. */
  fetchedLeft: 25,
  /** Cycles that are left behind the turn in which a region runs. */
  reserve: 26,
  /** Number of the hart among those of the machine, where caches are modelled. */
  number: 27,
} as const;

/** A number of cycles that are never left. */
export const NEVER_LEFT = -(2 ** 31);

/** Stands where the address of a hart's memory would. */
export const NO_HART = -1;

const WORD_COUNT = Object.keys(RunWord).length;

/** Where they are in a hart's state, in bytes. */
export const runOffsets = Object.fromEntries(
  Object.entries(RunWord).map(([name, index]) => [name, hartStateOffsets.run + 4 * index]),
) as Readonly<Record<keyof typeof RunWord, number>>;

/** The addresses of an instruction that commits, low half first: its own, the next one's, that of its access. */
export function committedWords(buffer: ArrayBufferLike, offset: number): Uint32Array {
  return new Uint32Array(buffer, offset + hartStateOffsets.commit, 6);
}

/** The words of the hart whose memory begins at `offset` of the buffer. */
export function runWords(buffer: ArrayBufferLike, offset: number): Uint32Array {
  return new Uint32Array(buffer, offset + hartStateOffsets.run, WORD_COUNT);
}
