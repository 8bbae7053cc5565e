import { runWords, RunWord, transitionEvent, transitionLayout } from '../../engine/index.ts';
import type { Progress } from '../progress.ts';
import type { TransitionBooks } from './transition-books.ts';
import type { TransitionLearner } from './transition-learner.ts';

/** What the log is wired to. */
export interface TransitionLogPorts {
  readonly buffer: ArrayBuffer;
  /** Where the hart's memory begins, and in it that for transitions. */
  readonly memoryOffset: number;
  readonly offset: number;
  readonly learner: TransitionLearner;
  readonly books: TransitionBooks;
  readonly progress: Progress;
}

const WORD = Uint32Array.BYTES_PER_ELEMENT;
const EVENT_WORDS = transitionEvent.bytes / WORD;
/** Places of the fields of an event, in words. */
const Field = {
  record: transitionEvent.record / WORD,
  issued: transitionEvent.issued / WORD,
  before: transitionEvent.before / WORD,
  after: transitionEvent.after / WORD,
  pc: transitionEvent.pc / WORD,
  next: transitionEvent.next / WORD,
} as const;

/** What generated code notes of the transitions that it makes, for those who keep books. */
export class TransitionLog {
  readonly #ports: TransitionLogPorts;
  readonly #run: Uint32Array;
  readonly #words: Uint32Array;
  readonly #cycles: Float64Array;
  readonly #span = { before: 0, after: 0 };

  constructor(ports: TransitionLogPorts) {
    const { buffer, memoryOffset, offset } = ports;
    const start = offset + transitionLayout.events;
    this.#ports = ports;
    this.#run = runWords(buffer, memoryOffset);
    this.#run[RunWord.log] = start;
    this.#words = new Uint32Array(buffer, start);
    this.#cycles = new Float64Array(buffer, start);
  }

  /** Whether something is in it. */
  get isEmpty(): boolean {
    return this.#run[RunWord.logged] === 0;
  }

  /** Tells what is in it, and forgets it. */
  tell(): void {
    const count = this.#run[RunWord.logged] ?? 0;
    this.#run[RunWord.logged] = 0;
    for (let index = 0; index < count; index += 1) this.#tellOf(index * EVENT_WORDS);
  }

  #tellOf(event: number): void {
    const { learner, books, progress } = this.#ports;
    const words = this.#words;
    const span = this.#span;
    span.before = this.#cycles[(event + Field.before) / 2] ?? 0;
    span.after = this.#cycles[(event + Field.after) / 2] ?? 0;
    const issued = words[event + Field.issued] ?? 0;
    const low = words[event + Field.pc] ?? 0;
    const high = words[event + Field.pc + 1] ?? 0;
    const transition = learner.transition(words[event + Field.record] ?? 0);
    if (transition?.entry !== undefined) {
      if (issued > 0) progress.retiredMany(issued, false);
      books.trapped(transition.entry, high, low, span);
    } else if (transition !== undefined) {
      if (issued > 1) progress.retiredMany(issued - 1, false);
      progress.retired(words[event + Field.next] === low && words[event + Field.next + 1] === high);
      books.returned(transition.returned, span);
    }
  }
}
