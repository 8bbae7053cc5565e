import type { StateArea } from '../timing/index.ts';

const NEVER = -1;
const Place = { began: 0, committed: 1 } as const;

/**
 * The last store of a hart to a device: it takes effect when it is executed, at the commit of the instruction before it, but what changes
 * by it changes when the store has committed.
 */
export class DeviceStore {
  readonly #cycles: Float64Array;

  constructor(area: StateArea) {
    this.#cycles = area.numbers(Object.keys(Place).length);
    this.reset();
  }

  /** None yet. */
  reset(): void {
    this.#cycles.fill(NEVER);
  }

  /** A device is written in a cycle, by an instruction that has committed already or not. */
  begin(cycle: number, hasCommitted: boolean): void {
    this.#cycles[Place.began] = cycle;
    this.#cycles[Place.committed] = hasCommitted ? cycle : Infinity;
  }

  /** An instruction has committed in a cycle, perhaps the store. */
  commit(cycle: number): void {
    if (this.#cycles[Place.committed] === Infinity) this.#cycles[Place.committed] = cycle;
  }

  /** When something changes that is told to in a cycle: if that is on the way of the store, with its commit. */
  cycleOfChange(cycle: number): number {
    const [began = NEVER, committed = NEVER] = this.#cycles;
    return cycle > began && cycle <= committed ? committed : cycle;
  }
}
