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

/** What generated code notes of the transitions that it makes, for those who keep books. */
export class TransitionLog {
  readonly #ports: TransitionLogPorts;
  readonly #run: Uint32Array;
  readonly #words: Uint32Array;
  readonly #cycles: Float64Array;

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
    const { learner, books, progress } = this.#ports;
    const words = this.#words;
    const count = this.#run[RunWord.logged] ?? 0;
    this.#run[RunWord.logged] = 0;
    for (let index = 0; index < count; index += 1) {
      const event = (index * transitionEvent.bytes) / WORD;
      const at = (field: number): number => words[event + field / WORD] ?? 0;
      const span = {
        before: this.#cycles[(event + transitionEvent.before / WORD) / 2] ?? 0,
        after: this.#cycles[(event + transitionEvent.after / WORD) / 2] ?? 0,
      };
      const issued = at(transitionEvent.issued);
      const [low, high] = [at(transitionEvent.pc), at(transitionEvent.pc + WORD)];
      const transition = learner.transition(at(transitionEvent.record));
      if (transition?.entry !== undefined) {
        if (issued > 0) progress.retiredMany(issued, false);
        books.trapped(transition.entry, high, low, span);
      } else if (transition !== undefined) {
        if (issued > 1) progress.retiredMany(issued - 1, false);
        const isHere = at(transitionEvent.next) === low && at(transitionEvent.next + WORD) === high;
        progress.retired(isHere);
        books.returned(transition.returned, span);
      }
    }
  }
}
