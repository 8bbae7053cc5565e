import type { StateArea } from '../../memory/index.ts';

const NUMBER_BYTES = 8;
const WORD_BYTES = 4;

const numberNames = [
  /** The cycle of the last commit. */
  'cycle',
  /** Number of the first line of the main memory that was accessed last. */
  'firstLine',
  /** An answer that nobody knows how to go on behind. */
  'given',
] as const;

const wordNames = [
  /** Whether paths can be followed from `node` on without looking at anything else. */
  'isLive',
  /** What the stages hold, by number, and whether they hold it themselves. */
  'node',
  'isInStages',
  /** A path was followed as far as it is known: to this action, or 0; and whether `given` answers the question behind it. */
  'isStuck',
  'known',
  'hasGiven',
  /** The state of the caches of instructions (`FetchSites.state`). */
  'fetchState',
  /** Where in the machine's memory that main memory is, and its bytes; 0 where accesses go past the caches. */
  'windowStart',
  'windowBytes',
  /** The entry that the target buffer found last where the first name of the site means another. */
  'foundEntry',
  /** Whether data are a guest's. */
  'isVirtual',
  /** Where things are in the machine's memory: what is remembered, */
  'actions',
  'nodes',
  'firsts',
  'charges',
  'siteTargets',
  'siteTargetsFrom',
  'siteThereFrom',
  'sitePcs',
  'siteEntries',
  /** predictors, */
  'targetChanges',
  'targetOrder',
  'targetCounts',
  'targetEntries',
  'targetPages',
  'targetHits',
  'targetMisses',
  'targetMasks',
  'returns',
  'mostReturns',
  'returnCounts',
  'taken',
  'histories',
  'hashes',
  'historyPlace',
  /** stores that wait, */
  'storeWords',
  'storeMasks',
  /** the TLB of data, */
  'recentPages',
  'pageOrder',
  'largePageOrder',
  /** and the data cache, 0 where everything hits: lines and rights, the last set, and ways. */
  'lines',
  'rights',
  'lastSet',
  'ways',
  'written',
] as const;

/** A number of a core that remembers, and a word. */
export type WalkNumber = (typeof numberNames)[number];
export type WalkWord = (typeof wordNames)[number];

function offsetsOf<Name extends string>(
  names: readonly Name[],
  first: number,
  bytes: number,
): Readonly<Record<Name, number>> {
  const entries = names.map((name, index) => [name, first + bytes * index] as const);
  return Object.fromEntries(entries) as Record<Name, number>;
}

const WORDS_START = numberNames.length * NUMBER_BYTES;

/** Where they are, in bytes from the start of a core's memory. */
export const walkOffsets = {
  ...offsetsOf(numberNames, 0, NUMBER_BYTES),
  ...offsetsOf(wordNames, WORDS_START, WORD_BYTES),
};

/** Numbers of the words, in their order. */
export const WalkPlace = offsetsOf(wordNames, 0, 1);
/** Numbers of the numbers. */
export const WalkNumberPlace = offsetsOf(numberNames, 0, 1);

/** Words that change while the core runs; the others say once and for all where things are. */
export const changingWords: ReadonlySet<WalkWord> = new Set<WalkWord>([
  ...(['isLive', 'node', 'isInStages', 'isStuck', 'known', 'hasGiven', 'fetchState'] as const),
  ...(['windowStart', 'windowBytes', 'foundEntry', 'isVirtual'] as const),
]);

/** What a core that remembers and generated code that follows its paths hand each other. */
export class WalkState {
  readonly numbers: Float64Array;
  readonly words: Int32Array;

  constructor(area: StateArea) {
    this.numbers = area.numbers(numberNames.length);
    this.words = area.signedWords(wordNames.length);
  }

  /** Says where things are. */
  link(places: Readonly<Partial<Record<WalkWord, number>>>): void {
    for (const [name, place] of Object.entries(places)) {
      this.words[WalkPlace[name as WalkWord]] = place;
    }
  }
}
