import { enablePatches, produce, produceWithPatches, type Patch } from 'immer';
import type { TraceHub } from './trace.ts';

enablePatches();

/** Changes a draft of a component's state. */
export type Recipe = (draft: object) => void;

/** A component's state: immutable plain data, replaced as a whole, with patches for whoever observes. */
export class StateCell {
  readonly #name: string;
  readonly #trace: TraceHub;
  readonly #now: () => number;
  #value: object;

  constructor(name: string, initial: object, trace: TraceHub, now: () => number) {
    this.#name = name;
    this.#trace = trace;
    this.#now = now;
    this.#value = frozen(initial);
  }

  /** The present state. */
  get value(): object {
    return this.#value;
  }

  /** Makes `value` the present state; false if it is so already. */
  replace(value: object): boolean {
    const isNew = value !== this.#value;
    this.#value = value;
    return isNew;
  }

  /** Back to `initial`; observers see one patch that replaces everything. */
  restart(initial: object): void {
    this.#value = frozen(initial);
    if (this.#trace.observesState) {
      const patch: Patch = { op: 'replace', path: [], value: this.#value };
      this.#trace.state(this.#now(), this.#name, [patch]);
    }
  }

  /** The state that `recipe` makes of the present one, which stays. */
  next(recipe: Recipe): object {
    if (!this.#trace.observesState) {
      return produce(this.#value, recipe);
    }
    const [state, patches] = produceWithPatches(this.#value, recipe);
    if (patches.length > 0) {
      this.#trace.state(this.#now(), this.#name, patches);
    }
    return state;
  }
}

function frozen(state: object): object {
  return produce(state, () => undefined);
}
