import { type CodePages, followedBy, lengthsIn, RunWord } from '../engine/index.ts';
import { instructionLength } from '../isa/index.ts';
import type { Pipeline } from '../timing/index.ts';

/** What the exchange is wired to. */
export interface TrailExchangePorts {
  readonly pages: CodePages;
  readonly pipeline: Pipeline;
  /** Words that generated code and its caller hand each other (`RunWord`). */
  readonly words: Uint32Array;
}

/**
 * Which instructions were executed in line last: the pipeline keeps their words, generated code what they leave to those that
 * follow (`trail.ts`). Places are those of the next instruction in its page, whose entries begin at `RunWord.base`.
 */
export class TrailExchange {
  readonly #ports: TrailExchangePorts;

  constructor(ports: TrailExchangePorts) {
    this.#ports = ports;
  }

  /** Hands it over to generated code; `false` if code has changed since. */
  give(place: number): boolean {
    const { pipeline, words } = this.#ports;
    const { history } = pipeline;
    const older = history[0] ?? 0;
    const previous = history[1] ?? 0;
    words[RunWord.trail] = 0;
    if (previous === 0) return true;
    const last = this.#trailBefore(place, previous);
    words[RunWord.trail] = last;
    if (last === 0 || older === 0) return last !== 0;
    const first = this.#trailBefore(place - instructionLength(previous), older);
    words[RunWord.trail] = followedBy(first, last);
    return first !== 0;
  }

  /** Takes it back. No interlock looks back into another page. */
  take(place: number): void {
    const { pipeline, words } = this.#ports;
    if (place === 0) {
      pipeline.refetch();
      return;
    }
    const { last, older } = lengthsIn(words[RunWord.trail] ?? 0);
    const { history } = pipeline;
    history[0] = older === 0 ? 0 : this.#wordAt(place - last - older);
    history[1] = last === 0 ? 0 : this.#wordAt(place - last);
  }

  /** What the instruction in front of a place of the page leaves; 0 if it is not there. */
  #trailBefore(inPage: number, word: number): number {
    const { pages, words } = this.#ports;
    const place = inPage - instructionLength(word);
    if (place < 0) return 0;
    const entry = pages.entryAt(words[RunWord.base] ?? 0, place);
    return pages.wordOf(entry) === word ? pages.trailOf(entry) : 0;
  }

  /** The word of the instruction at a place of the page. */
  #wordAt(inPage: number): number {
    const { pages, words } = this.#ports;
    return pages.wordOf(pages.entry(words[RunWord.base] ?? 0, inPage));
  }
}
