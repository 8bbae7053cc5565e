import { floatModeOf, type HartState, runWords, RunWord } from '../../engine/index.ts';
import type { CycleAccount } from '../cycle-account.ts';
import type { DerivedState } from '../derived-state.ts';
import type { DirectCsrs } from '../direct-csrs.ts';
import type { InterruptSelection } from '../interrupt-selection.ts';
import type { Mmu } from '../mmu/index.ts';
import type { Progress } from '../progress.ts';
import { ModeContexts } from './mode-contexts.ts';
import type { TransitionBooks } from './transition-books.ts';
import type { TransitionLearner } from './transition-learner.ts';
import { TransitionLog } from './transition-log.ts';

/** What the transitions of generated code are wired to. */
export interface TransitionsPorts {
  readonly state: HartState;
  readonly buffer: ArrayBuffer;
  /** Where the hart's memory begins, and in it that for transitions: a multiple of 8. */
  readonly memoryOffset: number;
  readonly offset: number;
  readonly hasFloats: boolean;
  /** What the rules of the pipeline charge is all that a transition takes: no cache and no core in stages has to hear of it. */
  readonly areTimed: boolean;
  readonly account: CycleAccount;
  readonly derived: DerivedState;
  readonly directCsrs: DirectCsrs;
  readonly mmu: Mmu;
  readonly interrupts: InterruptSelection;
  readonly learner: TransitionLearner;
  readonly books: TransitionBooks;
  readonly progress: Progress;
}

/** Lets generated code change the mode of a hart, and learns of it afterwards. */
export class Transitions {
  readonly #ports: TransitionsPorts;
  readonly #words: Uint32Array;
  readonly #contexts: ModeContexts;
  readonly #log: TransitionLog;
  #environment = -1;
  #filterGeneration = -1;
  #userLabel = '';

  constructor(ports: TransitionsPorts) {
    const { buffer, memoryOffset, offset } = ports;
    this.#ports = ports;
    this.#words = runWords(buffer, memoryOffset);
    this.#contexts = new ModeContexts(buffer, offset);
    this.#log = new TransitionLog(ports);
  }

  /** Whether generated code has changed the mode since somebody looked. */
  get happened(): boolean {
    return !this.#log.isEmpty;
  }

  /** Whether generated code may change the mode; while it runs nothing can change that. */
  get areAllowed(): boolean {
    const { interrupts, derived, areTimed } = this.#ports;
    return areTimed && interrupts.isQuiet && !derived.interruptsAreStale;
  }

  /** Tables of the filter may have become those of other contexts. */
  watch(filterGeneration: number): void {
    const { mmu, derived } = this.#ports;
    const { environment } = mmu;
    const userLabel = derived.labelOf('U');
    if (
      filterGeneration === this.#filterGeneration &&
      environment === this.#environment &&
      userLabel === this.#userLabel
    ) {
      return;
    }
    this.#filterGeneration = filterGeneration;
    this.#environment = environment;
    this.#userLabel = userLabel;
    this.#contexts.clear();
  }

  /** Generated code is about to run: notes what the present mode works with, and what others do with floating point. */
  prepare(): void {
    const { state, derived, account, mmu, directCsrs, hasFloats } = this.#ports;
    const words = this.#words;
    const { mode } = derived;
    const { fetch, data } = mmu.regimes;
    words[RunWord.leaves] = account.modeLeaves;
    words[RunWord.csrTable] = directCsrs.table;
    if (hasFloats) {
      const host = floatModeOf(state, false);
      const guest = floatModeOf(state, true);
      words[RunWord.floatMode] = state.virtual ? guest : host;
      this.#contexts.setFloatModes(host, guest);
    }
    words[RunWord.transitions] = this.areAllowed ? this.#contexts.recordsOf(mode) : 0;
    // Under MPRV accesses are made in another mode.
    if (fetch !== data || this.#contexts.has(mode)) return;
    this.#contexts.note(mode, {
      leaves: account.modeLeaves,
      readTable: words[RunWord.readTable] ?? 0,
      writeTable: words[RunWord.writeTable] ?? 0,
      fetchTable: words[RunWord.fetchTable] ?? 0,
      csrTable: directCsrs.table,
    });
  }

  /** Follows to where generated code went. */
  follow(): void {
    this.#ports.derived.follow();
    this.#log.tell();
  }
}
