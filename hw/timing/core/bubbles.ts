import { mechanismNumber } from '../mechanisms.ts';
import type { Configuration } from './configuration.ts';
import type { InstructionView } from './instruction-view.ts';
import type { Slot } from './slot.ts';

const { fetch: FETCH, float: FLOAT, branch: BRANCH, jump: JUMP, fence: FENCE } = mechanismNumber;
const STORE_LOAD = mechanismNumber['store-load'];
const CSR_FLUSH = mechanismNumber['csr-flush'];
const TRANSLATION_FENCE = mechanismNumber['translation-fence'];

/** What accesses and fetches wait for. */
export interface Waits {
  readonly data: number | undefined;
  readonly fetch: number | undefined;
}

/** What a cycle does to the bubbles. */
export interface Movement {
  /** The mechanism that a redirection is due to. */
  readonly reason: number;
  readonly isRedirecting: boolean;
  readonly memoryIsEmpty: boolean;
  readonly executeIsEmpty: boolean;
  /** Decode lets its instruction go. */
  readonly isIssued: boolean;
  /** What keeps an instruction in decode. */
  readonly stall: number | undefined;
  readonly fetchWaitsFor: number | undefined;
}

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

  /** Moves on with the stages. */
  move(movement: Movement): void {
    const { reason, isRedirecting, isIssued, stall } = movement;
    if (isRedirecting) this.#fetch = reason;
    this.writeBack = movement.memoryIsEmpty ? this.#memory : reason;
    this.#memory = movement.executeIsEmpty ? this.#execute : reason;
    if (isRedirecting) this.#execute = reason;
    else if (stall !== undefined) this.#execute = stall;
    else if (this.#fetch !== FETCH) this.#execute = this.#fetch;
    else this.#execute = movement.fetchWaitsFor ?? FETCH;
    if (isIssued) this.#fetch = FETCH;
  }

  /** What an instruction that must come again waits for. */
  ofReplay(slot: Slot | undefined, { data, fetch }: Waits): number {
    if (slot === undefined) return FETCH;
    if (slot.view.memory !== 'none') return data ?? STORE_LOAD;
    return slot.view.isFloat ? FLOAT : (fetch ?? FETCH);
  }

  /** What fetch waits for behind an instruction in the memory stage that goes elsewhere. */
  ofTransfer(slot: Slot | undefined): number {
    if (slot === undefined) return FETCH;
    return slot.view.transfer === 'branch' ? BRANCH : JUMP;
  }

  /** What fetch waits for behind an instruction that empties the pipeline. */
  ofFlush(view: InstructionView): number {
    if (view.isInstructionFence) return FENCE;
    return view.memory === 'translationFence' ? TRANSLATION_FENCE : CSR_FLUSH;
  }
}
