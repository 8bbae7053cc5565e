/**
 * A part of a machine that keeps state outside of the machine's memory. Whatever decides a later cycle, register or figure
 * belongs into what it saves; what can be worked out from that, or only makes the simulator fast, does not.
 */
export interface Checkpointed<State extends object = object> {
  /** The state as plain data: objects, arrays, texts, truth values, bigints, finite numbers. Nothing observable changes. */
  save(): State;
  /** Takes over what `save` gave, here or in another machine of the same description, and forgets all else. */
  restore(saved: State): void;
}

/** Parts by name. */
export type Parts = Readonly<Record<string, Checkpointed>>;

/** Several parts as one. */
export class CheckpointedParts implements Checkpointed<Readonly<Record<string, object>>> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  save(): Readonly<Record<string, object>> {
    return Object.fromEntries(
      Object.entries(this.#parts).map(([name, part]) => [name, part.save()]),
    );
  }

  restore(saved: Readonly<Record<string, object>>): void {
    for (const [name, part] of Object.entries(this.#parts)) {
      const state = saved[name];
      if (state === undefined) throw new Error(`checkpoint: nothing is saved of ${name}`);
      part.restore(state);
    }
  }
}
