import { type Configuration, ConfigurationReader, ConfigurationWriter } from './configuration.ts';
import type { ControlWords } from './control-words.ts';

/** Counts up when what the stages exchange, or its order, changes: words of another format cannot be read. */
export const CORE_FORMAT = 2;

/** What is under way in a core as a checkpoint keeps it: the cycle of the last commit, and a configuration in which nothing has a number of this run. */
export interface SavedCore {
  readonly cycle: number;
  readonly words: readonly number[];
}

/** The part of a core that a checkpoint needs. */
interface ExchangingCore {
  cycle: number;
  outcomes: number;
  exchange(words: Configuration): void;
}

const NOBODY = -1;
/** More outcomes than are under way, which are relative to these. */
const OUTCOMES = 1024;

class CheckpointWriter extends ConfigurationWriter {
  readonly #views: ControlWords;
  readonly #entryOf: (entry: number) => number;

  constructor(views: ControlWords, entryOf: (entry: number) => number) {
    super();
    this.#views = views;
    this.#entryOf = entryOf;
  }

  override instruction(value: number): number {
    this.number(value === NOBODY ? NOBODY : this.#views.wordAt(value));
    return value;
  }

  override entry(value: number): number {
    this.number(this.#entryOf(value));
    return value;
  }
}

class CheckpointReader extends ConfigurationReader {
  readonly #views: ControlWords;

  constructor(views: ControlWords) {
    super();
    this.#views = views;
  }

  override instruction(): number {
    const word = this.number();
    return word === NOBODY ? NOBODY : this.#views.of(word);
  }
}

/** Takes what is under way out of a core; `entryOf` says which entry of the target buffer a name means. */
export function saveCore(
  core: ExchangingCore,
  views: ControlWords,
  entryOf = (entry: number): number => entry,
): SavedCore {
  const writer = new CheckpointWriter(views, entryOf);
  const { cycle, outcomes: outcome } = core;
  writer.begin({ cycle, outcome }, 0);
  core.exchange(writer);
  return { cycle, words: [...writer.words.subarray(0, writer.length)] };
}

/** Puts it into a core. */
export function restoreCore(
  core: ExchangingCore,
  views: ControlWords,
  { cycle, words }: SavedCore,
): void {
  const reader = new CheckpointReader(views);
  core.cycle = cycle;
  core.outcomes = OUTCOMES;
  reader.begin(Int32Array.from(words), 0, { cycle, outcome: OUTCOMES });
  core.exchange(reader);
}
