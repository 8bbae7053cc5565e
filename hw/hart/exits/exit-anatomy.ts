/** Bookings that are remembered; no instruction makes so many. */
const REMEMBERED = 64;

/** The last bookings of a hart: how many cycles on which leaf of its cycle tree, and in which cycle they began. */
export class RecentCharges {
  readonly #times = new Float64Array(REMEMBERED).fill(-1);
  readonly #leaves = new Uint32Array(REMEMBERED);
  readonly #cycles = new Float64Array(REMEMBERED);
  #next = 0;

  /** Notes a booking. */
  add(time: number, leaf: number, cycles: number): void {
    this.#times[this.#next] = time;
    this.#leaves[this.#next] = leaf;
    this.#cycles[this.#next] = cycles;
    this.#next = (this.#next + 1) % REMEMBERED;
  }

  /** Goes through the bookings that began in a cycle or later. */
  since(cycle: number, look: (leaf: number, cycles: number) => void): void {
    for (const [place, time] of this.#times.entries()) {
      if (time >= cycle) look(this.#leaves[place] ?? 0, this.#cycles[place] ?? 0);
    }
  }
}

/** Where the cycles of the steps of one VM exit went: leaves of the hart's cycle tree per step, by place. */
export class ExitAnatomy {
  readonly steps: readonly Float64Array[];
  readonly #recent: RecentCharges;

  constructor(stepCount: number, leafCount: number, recent: RecentCharges) {
    this.steps = Array.from({ length: stepCount }, () => new Float64Array(leafCount));
    this.#recent = recent;
  }

  /** A new exit begins with a step, in a cycle that may have passed. */
  begin(step: number, cycle: number): void {
    for (const leaves of this.steps) leaves.fill(0);
    this.#recent.since(cycle, (leaf, cycles) => {
      this.charge(step, leaf, cycles);
    });
  }

  /** Books cycles on a leaf of a step. */
  charge(step: number, leaf: number, cycles: number): void {
    const leaves = this.steps[step];
    if (leaves !== undefined) leaves[leaf] = (leaves[leaf] ?? 0) + cycles;
  }

  /** One step ended and another began, in a cycle that may have passed. */
  move(from: number, to: number, cycle: number): void {
    this.#recent.since(cycle, (leaf, cycles) => {
      this.charge(from, leaf, -cycles);
      this.charge(to, leaf, cycles);
    });
  }

  /** Makes two steps one. */
  merge(from: number, into: number): void {
    for (const [leaf, cycles] of (this.steps[from] ?? []).entries()) {
      this.charge(into, leaf, cycles);
      this.charge(from, leaf, -cycles);
    }
  }
}
