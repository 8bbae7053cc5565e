import { mechanismNumber } from '../mechanisms.ts';
import type { Configuration } from './configuration.ts';
import { Control, Memory, MEMORY } from './control-word.ts';

const { fetch: FETCH, float: FLOAT, branch: BRANCH, jump: JUMP, fence: FENCE } = mechanismNumber;
const STORE_LOAD = mechanismNumber['store-load'];
const CSR_FLUSH = mechanismNumber['csr-flush'];
const TRANSLATION_FENCE = mechanismNumber['translation-fence'];

/** Who owns the cycles in which nothing commits: stages without an instruction carry the mechanism that they wait for. */
export class Bubbles {
  /** What an empty write-back waits for. */
  writeBack = FETCH;
  /** The mechanism that emptied the pipeline last. */
  flush = FETCH;
  #memory = FETCH;
  #execute = FETCH;
  #fetch = FETCH;

  /** What the first fetch is booked on. */
  readonly beginning = FETCH;

  /** Power-on. */
  reset(): void {
    this.writeBack = FETCH;
    this.flush = FETCH;
    this.#memory = FETCH;
    this.#execute = FETCH;
    this.#fetch = FETCH;
  }

  /** Puts those of the stages into a configuration, or takes them from there. */
  exchange(words: Configuration): void {
    this.writeBack = words.number(this.writeBack);
    this.#memory = words.number(this.#memory);
    this.#execute = words.number(this.#execute);
    this.#fetch = words.number(this.#fetch);
  }

  /** Whether every stage waits for the same. */
  get areAlike(): boolean {
    return this.writeBack === this.#memory && this.writeBack === this.#execute;
  }

  /**
   * Moves on with the stages. `reason` is what a redirection is due to; of the stages in front of write-back each may be empty; decode
   * may let its instruction go, or `stall` keeps it there, if that is not negative; so with what fetch waits for.
   */
  move(
    reason: number,
    isRedirecting: boolean,
    memoryIsEmpty: boolean,
    executeIsEmpty: boolean,
    isIssued: boolean,
    stall: number,
    fetchWaitsFor: number,
  ): void {
    if (isRedirecting) this.#fetch = reason;
    this.writeBack = memoryIsEmpty ? this.#memory : reason;
    this.#memory = executeIsEmpty ? this.#execute : reason;
    if (isRedirecting) this.#execute = reason;
    else if (stall >= 0) this.#execute = stall;
    else if (this.#fetch !== FETCH) this.#execute = this.#fetch;
    else this.#execute = fetchWaitsFor < 0 ? FETCH : fetchWaitsFor;
    if (isIssued) this.#fetch = FETCH;
  }

  /** What an instruction that must come again waits for, given what accesses and fetches wait for, if that is not negative. */
  ofReplay(control: number, data: number, fetch: number): number {
    if ((control & MEMORY) !== 0) return data < 0 ? STORE_LOAD : data;
    if ((control & Control.isFloat) !== 0) return FLOAT;
    return fetch < 0 ? FETCH : fetch;
  }

  /** What fetch waits for behind an instruction in the memory stage that goes elsewhere. */
  ofTransfer(control: number): number {
    return (control & Control.isBranch) === 0 ? JUMP : BRANCH;
  }

  /** What fetch waits for behind an instruction that empties the pipeline. */
  ofFlush(control: number): number {
    if ((control & Control.isInstructionFence) !== 0) return FENCE;
    return (control & MEMORY) === Memory.translationFence ? TRANSLATION_FENCE : CSR_FLUSH;
  }
}
